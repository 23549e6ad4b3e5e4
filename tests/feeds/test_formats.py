"""RSS 2.0 and JSON Feed 1.1 beside Atom: three ways to say the same."""

import feedparser
import pytest

from blog.models import Post
from tests.factories import make_blogmark, make_quotation, make_series, make_timeline
from tests.feeds.reading import TYPES, answer, facts, fetch_json, in_format, read
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
def test_the_three_formats_say_the_same(client, path):
    said = facts(client, path)

    assert said["atom"]
    assert said["atom"] == said["rss"] == said["json"]


@pytest.mark.parametrize("path", FEEDS)
def test_feed_readers_understand_rss(client, path):
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
def test_a_json_feed_says_what_the_feed_is(client, path):
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
def test_each_has_its_media_type_and_may_be_read_by_scripts_of_other_sites(client, path, name):
    response = client.get(in_format(path, name))

    assert response["Content-Type"] == f"{TYPES[name]}; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("page", ["/", "/notes/", "/tags/ant+bee/", "/series/insects/", "/search/?q=tag:bee"])
def test_a_page_names_its_feed_in_each_format(client, page):
    links = visit(client, page).select("link[rel=alternate][type]")[:3]

    assert [link["type"] for link in links] == list(TYPES.values())
    for link in links:
        feed = feedparser.parse(answer(client, link["href"]))
        title = feed.feed.get("title") or fetch_json(client, link["href"])["title"]
        assert link["title"].removesuffix(" (RSS)").removesuffix(" (JSON Feed)") == title
