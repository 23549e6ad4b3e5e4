"""Paged and archived feeds (RFC 5005)."""

from datetime import timedelta

import pytest
from lxml import etree

from blog.feeds import views
from blog.models import Post
from tests.factories import make_note, make_series, make_timeline, set_site, utc
from tests.feeds.reading import facts, fetch, fetch_bytes, fetch_json, find, in_format

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
EVERYTHING = "/atom/everything/"
PAGED = [
    EVERYTHING,
    "/atom/notes/",
    "/atom/everything-but-links/",
    "/tags/ant.atom",
    "/tags/ant+bee.atom",
    "/series/insects.atom",
    "/search/atom/?q=tag%3Aant",
]


@pytest.fixture
def posts(monkeypatch):
    """Posts in six of seven months, one of which fills several archive documents."""
    monkeypatch.setattr(views, "FEED_SIZE", 3)
    monkeypatch.setattr(views, "ARCHIVE_SIZE", 4)
    series = make_series(slug="insects")
    posts = []
    for month, number in {1: 3, 2: 4, 4: 9, 5: 1, 6: 5, 7: 2}.items():
        start = utc(2023, month, 1, 0)
        posts += make_timeline(
            number, start=start, step=timedelta(days=6), series=series, tags=["ant", "bee"]
        )
    return posts


def link(tree, relation):
    found = find(
        tree, f"/*/atom:link[@rel='{relation}']/@href | /rss/channel/atom:link[@rel='{relation}']/@href"
    )
    return found[0].removeprefix(SITE) if found else None


def walk(client, path, relation):
    """Every document from this one on, following the links of that relation."""
    while path:
        tree = fetch(client, path) if "rss" not in path else etree.fromstring(fetch_bytes(client, path))
        assert link(tree, "self") == path
        yield tree
        path = link(tree, relation)


def ids(documents):
    return [
        text for tree in documents for text in find(tree, "//atom:entry/atom:id/text() | //item/guid/text()")
    ]


def newest_first(posts):
    return [post.uuid.urn for post in sorted(posts, key=lambda post: (post.published, post.pk), reverse=True)]


@pytest.mark.parametrize("path", [EVERYTHING, "/rss/everything/"])
def test_the_archive_has_every_post_once(client, posts, path):
    make_note(is_draft=True)

    documents = list(walk(client, path, "prev-archive"))

    assert ids(documents) == newest_first(posts)
    assert len({find(tree, "string(/atom:feed/atom:id)") for tree in documents}) == 1


@pytest.mark.parametrize("number", range(1, 12))
def test_the_archive_is_complete_for_any_number_of_posts(client, monkeypatch, number):
    monkeypatch.setattr(views, "FEED_SIZE", 2)
    monkeypatch.setattr(views, "ARCHIVE_SIZE", 3)
    posts = make_timeline(number, start=utc(2023, 1, 30), step=timedelta(days=1))

    assert ids(walk(client, EVERYTHING, "prev-archive")) == newest_first(posts)


def test_the_archive_is_complete_for_posts_with_the_same_time(client, posts):
    posts += [make_note(published=utc(2023, 6, 15)) for _ in range(11)]

    assert ids(walk(client, EVERYTHING, "prev-archive")) == newest_first(posts)


def test_the_archive_is_complete_in_other_time_zones(client, posts):
    set_site(time_zone="Pacific/Auckland")
    posts.append(make_note(published=utc(2023, 6, 30, 23)))
    set_site(time_zone="America/Los_Angeles")
    posts.append(make_note(published=utc(2023, 7, 1, 1)))

    assert ids(walk(client, EVERYTHING, "prev-archive")) == newest_first(posts)


@pytest.mark.parametrize("path", PAGED)
def test_the_pages_have_every_post_once(client, posts, path):
    wanted = [post for post in posts if "notes" not in path or post.kind == "note"]
    wanted = [post for post in wanted if "but-links" not in path or post.kind != "blogmark"]

    assert ids(walk(client, path, "next")) == newest_first(wanted)
    assert ids(walk(client, in_format(path, "rss"), "next")) == newest_first(wanted)


def test_the_pages_of_json_feed_have_every_post_once(client, posts):
    found, path = [], "/json/everything/"
    while path:
        feed = fetch_json(client, path)
        found += [item["id"] for item in feed["items"]]
        path = feed.get("next_url", "").removeprefix(SITE)

    assert found == newest_first(posts)


def test_archive_documents_are_marked_and_link_to_the_feed(client, posts):
    archived = list(walk(client, EVERYTHING, "prev-archive"))[1:]

    assert {link(tree, "current") for tree in archived} == {EVERYTHING}
    assert all(len(find(tree, "/atom:feed/fh:archive")) == 1 for tree in archived)
    assert find(fetch(client), "/atom:feed/fh:archive") == []
    assert link(archived[-1], "prev-archive") is None
    assert link(archived[0], "next") is None


def test_the_archive_has_every_post_once_in_the_other_direction(client, posts):
    first = link(list(walk(client, EVERYTHING, "prev-archive"))[-1], "self")
    oldest_first = list(reversed(newest_first(posts)))

    documents = list(walk(client, first, "next-archive"))
    assert [id for tree in documents for id in reversed(ids([tree]))] == oldest_first


def test_no_archive_document_links_to_an_unfinished_one(client, posts, time_machine):
    time_machine.move_to(utc(2023, 6, 30))
    path = link(fetch(client), "prev-archive")
    assert path.startswith("/atom/everything/2023/Jun/?before=")

    assert link(fetch(client, path), "next-archive") is None

    time_machine.move_to(utc(2023, 7, 1, 0))
    assert link(fetch(client, path), "next-archive") == "/atom/everything/2023/Jun/"


def test_the_link_header_has_the_next_page(client, posts):
    following = fetch_json(client, "/json/notes/")["next_url"]

    assert client.get("/json/notes/")["Link"] == f'<{following}>; rel="next"'
    assert "Link" not in client.get("/series/never.json").headers


def test_the_archive_has_the_same_items_in_each_format(client, posts):
    found = facts(client, "/atom/everything/2023/Apr/")

    assert len(found["atom"]) == 4
    assert found["atom"] == found["rss"] == found["json"]


def test_new_posts_do_not_change_the_archive(reader, posts):
    paths = [link(tree, "self") for tree in walk(reader, EVERYTHING, "prev-archive")][1:]
    before = {path: reader.get(path) for path in paths}

    make_timeline(4, start=utc(2023, 8, 1))

    for path, response in before.items():
        again = reader.get(path, headers={"If-None-Match": response["ETag"]})
        assert again.status_code == 304
        assert response["Cache-Control"] == "public, max-age=3600"
    later = [link(tree, "self") for tree in walk(reader, EVERYTHING, "prev-archive")]
    assert set(paths[1:]) <= set(later)


def test_a_deleted_post_does_not_break_the_cursor(client, posts):
    path = link(fetch(client), "prev-archive")
    first = ids([fetch(client)])
    Post.objects.get(uuid=first[-1]).as_kind().delete()

    assert first + ids(walk(client, path, "prev-archive")) == newest_first(posts)


@pytest.mark.parametrize(
    "path",
    [
        "/atom/everything/1999/Jan/",
        "/atom/everything/2023/Mar/",
        "/atom/everything/2023/Jan/?before=0-1",
        "/atom/everything/9999/Dec/",
        "/atom/everything/?before=",
        "/atom/everything/?before=x",
        "/atom/everything/?before=999999999999999999-1",
        "/atom/everything/?before=-999999999999999999-1",
        "/atom/everything/?before=0-99999999999999999999",
        "/atom/everything/?before=0-1",
        "/tags/ant.json?before=1.5-1",
    ],
)
def test_unknown_documents_and_invalid_cursors_are_not_found(client, posts, path):
    assert client.get(path).status_code == 404


def test_every_archive_document_takes_few_queries(client, posts, django_assert_max_num_queries):
    for tree in walk(client, EVERYTHING, "prev-archive"):
        make_note(is_draft=True)
        with django_assert_max_num_queries(9):
            client.get(link(tree, "self"))
