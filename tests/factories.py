"""Posts and other rows for tests, each with sensible defaults: `make_entry(title="…")`."""

from datetime import UTC, datetime
from itertools import count

from blog.models import Blogmark, Entry, Note, Page, Quotation, Series, Tag

serial = count(1)


def utc(year, month, day, hour=12, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def make_post(model, tags=(), **fields):
    """A post of that kind, published unless it says `is_draft=True`, with the tags named."""
    post = model(**fields)
    post.save()
    post.tags.add(*tags)
    return post


def make_entry(**fields):
    return make_post(Entry, **{"title": f"Entry {next(serial)}", "body": "First.\n\nSecond.", **fields})


def make_blogmark(**fields):
    n = next(serial)
    defaults = {"link_url": f"https://example.com/{n}", "link_title": f"Link {n}", "body": "Worth reading."}
    return make_post(Blogmark, **{**defaults, **fields})


def make_quotation(**fields):
    return make_post(Quotation, **{"body": f"Words {next(serial)}.", "source": "Somebody", **fields})


def make_note(**fields):
    return make_post(Note, **{"body": f"Note {next(serial)}.", **fields})


FACTORIES = {"entry": make_entry, "blogmark": make_blogmark, "quotation": make_quotation, "note": make_note}


def make_tag(name, **fields):
    return Tag.objects.create(name=name, **fields)


def make_series(**fields):
    n = next(serial)
    return Series.objects.create(**{"title": f"Series {n}", "slug": f"series-{n}", **fields})


def make_page(**fields):
    n = next(serial)
    return Page.objects.create(**{"title": f"Page {n}", "slug": f"page-{n}", "body": "Text.", **fields})
