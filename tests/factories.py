"""Factories for posts and other rows, with defaults for all fields: `make_entry(title="…")`."""

from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count, cycle, islice

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation

from blog.database.bulk_insert import allocate_ids, insert_rows
from blog.models import (
    Blogmark,
    Entry,
    Note,
    Page,
    Post,
    Quotation,
    Redirect,
    Series,
    SiteSettings,
    SiteState,
    Tag,
    Tagging,
)
from blog.models.bulk import index_posts

serial = count(1)


def utc(year, month, day, hour=12, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


#: Posts and tags to save in bulk; None while each post is saved at once.
pending = None


def make_post(model, tags=(), **fields):
    """Save a post of that kind with these tag names. It is published, unless `is_draft=True`."""
    post = model(**fields)
    if pending is not None:
        pending.append((post, tags))
        return post
    post.save()
    if tags:
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
    """Create posts of each kind in turn, the oldest first, each with two of three tags."""
    start = start or utc(2024, 6, 8, 9)
    names = ("ant", "bee", "cat")
    with saving_in_bulk() as posts:
        for n, make in enumerate(islice(cycle(FACTORIES.values()), number)):
            make(published=start + n * step, **{"tags": (names[n % 3], names[(n + 1) % 3]), **fields})
    return posts


@contextmanager
def saving_in_bulk():
    """Save all posts that the factories make at the end, in a tenth of the time of `save()`.

    Yields the list of posts. They are saved as by `save()`, except for share cards and hub pings.
    """
    global pending
    pending, posts = [], []
    try:
        yield posts
        posts += [post for post, _ in pending]
        save_in_bulk(pending)
    finally:
        pending = None


@transaction.atomic
def save_in_bulk(made):
    """Save posts with their tags: [(post, tag names)]."""
    site, posts = SiteState.lock().settings, [post for post, _ in made]
    taken = set(Post.objects.values_list("day", "slug"))
    numbers = Counter(dict(Post.objects.order_by().values_list("kind").annotate(Max("number"))))
    for post, key in zip(posts, allocate_ids(Post, len(posts)), strict=True):
        with translation.override(site.language):
            post.slug = post.slug or free_slug(post, taken, site)
            post.fill_for_preview(site)
        taken.add((post.day, post.slug))
        numbers[post.kind] += 1
        post.number, post.modified, post.is_counted = numbers[post.kind], timezone.now(), post.is_public
        post.id = post.pk = key
        post._state.adding = False
    insert_rows(Post, map(vars, posts))
    for kind in Post.kinds().values():
        insert_rows(kind, (vars(post) for post in posts if type(post) is kind))
    tags = Tag.objects.get_or_create_by_name({name for _, names in made for name in names})
    Tagging.objects.bulk_create(
        Tagging(content_object=post, tag=tags[name], published=post.published, is_public=post.is_counted)
        for post, names in made
        for name in names
    )
    index_posts(posts, site.state.search_language)


def free_slug(post, taken, site):
    """Return the slug that `save()` would make, given the slugs of posts that aren't saved yet."""
    day = timezone.localdate(post.published, site.tz)
    base = post.base_slug(post.slug_source())
    slugs = (base if n == 1 else f"{base}-{n}" for n in count(1))
    return next(slug for slug in slugs if (day, slug) not in taken)


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
    """Change these site settings and return them."""
    site = SiteSettings.load()
    for name, value in fields.items():
        setattr(site, name, value)
    site.save()
    return site
