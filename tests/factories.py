"""Posts and other rows for tests, each with sensible defaults: `make_entry(title="…")`."""

from datetime import UTC, datetime, timedelta
from itertools import count, cycle, islice

from blog.models import Blogmark, Entry, Note, Page, Quotation, Redirect, Series, SiteSettings, Tag

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


def make_timeline(number, start=None, step=timedelta(minutes=1), **fields):
    """So many posts, the oldest first, of each kind in turn, and each with two tags of three."""
    start = start or utc(2024, 6, 8, 9)
    names = ("ant", "bee", "cat")
    return [
        make(published=start + n * step, **{"tags": (names[n % 3], names[(n + 1) % 3]), **fields})
        for n, make in enumerate(islice(cycle(FACTORIES.values()), number))
    ]


def make_tag(name, **fields):
    return Tag.objects.create(name=name, **fields)


def make_series(**fields):
    n = next(serial)
    return Series.objects.create(**{"title": f"Series {n}", "slug": f"series-{n}", **fields})


def make_page(**fields):
    n = next(serial)
    return Page.objects.create(**{"title": f"Page {n}", "slug": f"page-{n}", "body": "Text.", **fields})


def make_redirect(**fields):
    return Redirect.objects.create(**{"path": f"old-{next(serial)}", "target": "/", **fields})


def set_site(**fields):
    """The site settings, with these changed."""
    site = SiteSettings.load()
    for name, value in fields.items():
        setattr(site, name, value)
    site.save()
    return site
