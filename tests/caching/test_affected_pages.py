"""A weblog changes step by step. Every page that changed is dropped by the caches, and few others are."""

import re
from collections import Counter
from datetime import timedelta
from itertools import chain

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from blog.caching.response_cache import REQUEST_KEYS
from blog.caching.surrogate_keys import ANY
from blog.models import Change, Post, Series, Tag
from tests.factories import make_blogmark, make_entry, make_note, make_series, make_timeline
from tests.helpers import site_changes
from tests.helpers.writing import edit

#: Feeds that get their keys from the same code as the Atom feeds do.
SAME_AS_ATOM = re.compile(r"\.(rss|json)$|^/rss/|^/json/(?!everything/$)|^/search/(rss|json)/$")
A_DAY = timedelta(days=1)
QUERIES = (
    *site_changes.QUERIES,
    "/notes/?page=2",
    "/tags/?all",
    "/search/suggestions/?q=wo",
    "/tags/sea/?page=2",
)


@pytest.fixture
def rendered(settings):
    """Let Django render every response, without the response cache."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, site_changes.HOST]


@pytest.fixture
def world(transactional_db):
    """Two years of posts of all sorts, with more recent ones than a page has."""
    now = timezone.now().replace(microsecond=0)
    start = now - timedelta(days=700)
    series = make_series(slug="old")
    make_timeline(6, start=start, step=40 * A_DAY)
    make_entry(published=start + 2 * A_DAY, series=series, tags=["sea"])
    make_entry(published=start + 90 * A_DAY, series=series)
    link = {"link_url": "https://other.example/1", "via_url": "https://found.example/"}
    make_blogmark(published=start + 3 * A_DAY, **link)
    make_timeline(34, start=now - timedelta(days=90), step=A_DAY)


def further_steps(author):
    first = Post.objects.published().order_by("published").first()
    post = make_entry(published=timezone.now() - timedelta(days=500), tags=["ant"])
    yield "a post appears among old ones"
    post.published += 3 * A_DAY
    post.save()
    yield "it moves to another day"
    make_note(published=post.published + timedelta(minutes=1))
    yield "another one joins it there"
    make_note(published=first.published - 800 * A_DAY)
    yield "a year gets its first post"
    make_note(published=timezone.now() - timedelta(hours=30))
    yield "a note appears among the newest"
    edit(author, first.as_kind(), body="Other words.")
    yield "the oldest post is edited"
    post.title = "Another title"
    post.save()
    yield "an old title is another"
    link = make_blogmark(published=timezone.now(), link_url="https://other.example/2", tags=["new", "bee"])
    yield "a link has a new tag"
    link.via_url = "https://found.example/2"
    link.save()
    yield "it says where it was found"
    Series.objects.filter(slug="old").update(summary_html="<p>Words.</p>")
    yield "a series is described"
    tag = Tag.objects.get(name="sea")
    tag.description = "Fresh water."
    tag.save()
    yield "a tag is described in other words"
    Post.objects.filter(pk__lt=link.pk).order_by("pk").last().as_kind().save()
    yield "a post is saved as it was"
    make_note(is_draft=True, tags=["secret"])
    yield "a draft is written"
    Tag.objects.get(name="bee").delete()
    yield "a tag is deleted"
    Post.objects.filter(kind="note").update(modified=F("modified") + A_DAY)
    yield "nothing that readers see changes"
    make_note(published=timezone.now() + 400 * A_DAY)
    yield "a post waits for long"


def crawl(known):
    """Return {path: (digest, keys)} for anonymous visitors, without paths that never existed."""
    visitor = Client(SERVER_NAME=site_changes.HOST)
    pages = {}
    for path in {*site_changes.paths(), *QUERIES}:
        if SAME_AS_ATOM.search(path) or not known.get(path, True):
            continue
        response = visitor.get(path)
        known[path] = known.get(path, False) or response.status_code == 200
        keys = response.wsgi_request.META.get(REQUEST_KEYS) if response.status_code == 200 else None
        pages[path] = (site_changes.response_fingerprint(response), keys)
    return pages


@pytest.mark.slow
def test_every_changed_page_is_dropped_and_few_others_are(
    world, rendered, admin_user, time_machine, monkeypatch, record_property
):
    let_time_pass(monkeypatch, time_machine)
    author = Client(SERVER_NAME=site_changes.HOST)
    author.force_login(admin_user)
    known, before, missed, tally, needless = {}, {}, {}, Counter(), Counter()
    newest = Change.newest()

    for step in chain(site_changes.steps(author), further_steps(author)):
        after = crawl(known)  # its first request publishes a scheduled post that is due
        noted = set(Change.objects.filter(pk__gt=newest).values_list("key", flat=True))
        newest = Change.newest()
        cached = {path for path in before if before[path][1]}
        changed = {path for path in cached if path not in after or after[path][0] != before[path][0]}
        dropped = {path for path in cached if before[path][1] & noted}
        if changed - dropped:
            missed[step] = changed - dropped, noted
        tally.update(cached=len(cached), changed=len(changed))
        needless[step] = len(dropped - changed)
        before = after

    examples = ", ".join(f"{step}: {number}" for step, number in needless.most_common(8))
    record_property(
        "measured",
        f"Of {tally['cached']:,} cached pages {tally['changed']:,} changed in {len(needless)} steps. "
        f"All of them were dropped, and {needless.total():,} others ({examples}).",
    )
    assert not missed
    assert needless.total() < tally["cached"] / 20


def test_every_page_but_those_of_search_has_keys_of_its_own(world, rendered):
    pages = crawl({})

    without_keys = {path for path, (_, keys) in pages.items() if keys is None}
    exact = {path for path, (_, keys) in pages.items() if keys and ANY in keys}
    assert exact
    assert all(path.startswith("/search/") for path in exact), exact
    visitor = Client(SERVER_NAME=site_changes.HOST)
    assert {path for path in without_keys if visitor.get(path).status_code == 200} == {"/healthz"}


def let_time_pass(monkeypatch, time_machine):
    """Replace the seconds that a scheduled post waits by an hour that passes at once."""

    def sleep(seconds):
        time_machine.move_to(timezone.now() + timedelta(seconds=seconds))

    monkeypatch.setattr(site_changes, "SOON", timedelta(hours=1))
    monkeypatch.setattr(site_changes, "sleep", sleep)
