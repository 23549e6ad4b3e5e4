"""Atom, RSS 2.0 and JSON Feed 1.1 have the same content."""

import feedparser
import pytest

from blog.models import Post
from tests.factories import make_blogmark, make_quotation, make_series, make_timeline
from tests.feeds.reading import TYPES, facts, fetch_bytes, fetch_json, in_format, read
from tests.helpers.browsing import visit

pytestmark = pytest.mark.django_db

KINDS = [kind.feed for kind in Post.kinds().values()]
FEEDS = [
    "/atom/",
    "/atom/everything/",
    *(f"/atom/{kind}/" for kind in KINDS),
    *(f"/atom/everything-but-{kind}/" for kind in KINDS),
    "/tags/ant.atom",
    "/tags/ant+bee.atom",
    "/series/insects.atom",
    "/search/atom/?q=tag:bee",
]


@pytest.fixture(scope="module", autouse=True)
def posts(shared_database):
    series = make_series(title="Insects", slug="insects")
    made = make_timeline(40, series=series, tags=["ant", "bee"])
    via = {"via_url": "https://via.example/?a=1&b=2", "via_title": "Somebody & Co"}
    made += [
        make_blogmark(series=series, tags=["ant", "bee"], **via),
        make_quotation(source_url="https://example.com/said", byline="A guest"),
    ]
    return made


@pytest.mark.parametrize("path", FEEDS)
def test_all_formats_have_the_same_items(client, path):
    found = facts(client, path)

    assert found["atom"]
    assert found["atom"] == found["rss"] == found["json"]


@pytest.mark.parametrize("path", FEEDS)
def test_feedparser_reads_the_same_from_rss_and_atom(client, path):
    feed = read(client, in_format(path, "rss"))
    native = read(client, path)

    assert feed.version == "rss20"
    assert feed.feed.title == native.feed.title
    assert feed.feed.link == native.feed.link
    assert feed.feed.language == "en"
    assert {entry.id: entry.published_parsed for entry in feed.entries} == {
        entry.id: entry.published_parsed for entry in native.entries
    }


@pytest.mark.parametrize("path", FEEDS)
def test_a_json_feed_has_the_metadata_of_the_atom_feed(client, path):
    feed = fetch_json(client, in_format(path, "json"))
    native = read(client, path).feed

    assert feed["title"] == native.title
    assert feed["home_page_url"] == native.link
    assert feed["feed_url"].startswith("http://testserver/")
    assert client.get(feed["feed_url"].removeprefix("http://testserver")).json() == feed
    assert feed["authors"] == [{"name": "The author"}]
    assert feed["language"] == "en"


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("name", TYPES)
def test_each_format_has_its_media_type_and_allows_cross_origin_reads(client, path, name):
    response = client.get(in_format(path, name))

    assert response["Content-Type"] == f"{TYPES[name]}; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("page", ["/", "/notes/", "/tags/ant+bee/", "/series/insects/", "/search/?q=tag:bee"])
def test_a_page_links_to_its_feed_in_each_format(client, page):
    links = visit(client, page).select("link[rel=alternate][type]")[:3]

    assert [link["type"] for link in links] == list(TYPES.values())
    for link in links:
        feed = feedparser.parse(fetch_bytes(client, link["href"]))
        title = feed.feed.get("title") or fetch_json(client, link["href"])["title"]
        assert link["title"].removesuffix(" (RSS)").removesuffix(" (JSON Feed)") == title
