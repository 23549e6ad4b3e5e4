"""A weblog changes step by step: whatever shows something else then was named, and little else was."""

import re
from collections import Counter
from datetime import timedelta
from itertools import chain

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from blog.caching.affected_pages import record_affected_pages
from blog.models import PendingChange, Post, Purge, Series, Tag
from tests.factories import make_blogmark, make_entry, make_note, make_series, make_timeline
from tests.helpers import site_changes
from tests.helpers.writing import edit

#: Feeds whose names are those of Atom feeds, by the same code.
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
def rendered(in_front, settings):
    """Django answers, which keeps no page."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, site_changes.HOST]


@pytest.fixture
def world(transactional_db):
    """Two years of posts, a little of everything, and more than a page of the newest."""
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


def look(known):
    """{path: (answer, names)} of what strangers are given and a cache keeps, but for what was never there."""
    stranger = Client(SERVER_NAME=site_changes.HOST)
    pages = {}
    for path in {*site_changes.addresses(), *QUERIES}:
        if SAME_AS_ATOM.search(path) or not known.get(path, True):
            continue
        response = stranger.get(path)
        known[path] = known.get(path, False) or response.status_code == 200
        names = response.get("Surrogate-Key", "").split()
        assert bool(names) == ("s-maxage" in response.get("Cache-Control", ""))
        pages[path] = (site_changes.digest(response), frozenset(names))
    return pages


def purged():
    record_affected_pages()
    names = set(Purge.objects.values_list("key", flat=True))
    Purge.objects.all().delete()
    return names


def test_all_that_changes_is_purged_and_little_else(
    world, rendered, admin_user, time_machine, monkeypatch, record_property
):
    let_time_pass(monkeypatch, time_machine)
    author = Client(SERVER_NAME=site_changes.HOST)
    author.force_login(admin_user)
    PendingChange.objects.all().delete()
    known, before, missed, tally, needless = {}, {}, {}, Counter(), Counter()

    for step in chain(site_changes.steps(author), further_steps(author)):
        after, names = look(known), purged()
        kept = {path for path in before if before[path][1]}
        changed = {path for path in kept if path not in after or after[path][0] != before[path][0]}
        gone = {path for path in kept if before[path][1] & names}
        if changed - gone:
            missed[step] = changed - gone, names
        tally.update(kept=len(kept), changed=len(changed))
        needless[step] = len(gone - changed)
        before = after

    examples = ", ".join(f"{step}: {number}" for step, number in needless.most_common(4))
    record_property(
        "measured",
        f"Of {tally['kept']:,} kept answers {tally['changed']:,} changed in {len(needless)} steps. All of "
        f"them were purged, and {needless.total():,} more ({examples}).",
    )
    assert not missed
    assert needless.total() < tally["kept"] / 20


def let_time_pass(monkeypatch, time_machine):
    """Replace the seconds that a scheduled post waits by an hour that passes at once."""

    def sleep(seconds):
        time_machine.move_to(timezone.now() + timedelta(seconds=seconds))

    monkeypatch.setattr(site_changes, "SOON", timedelta(hours=1))
    monkeypatch.setattr(site_changes, "sleep", sleep)
