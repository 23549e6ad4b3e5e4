"""The list of feeds, as a page and as OPML."""

import pytest
from lxml import etree

from blog.models import Post
from tests.factories import make_note, make_series, make_timeline, set_site
from tests.helpers.browsing import paths, texts, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def posts():
    return make_timeline(8, series=make_series(title="Insects", slug="insects"))


def outlines(client):
    response = client.get("/feeds.opml")
    assert response["Content-Type"] == "text/x-opml; charset=utf-8"
    return etree.fromstring(response.content).findall(".//outline[@xmlUrl]")


def test_it_links_to_every_feed_in_each_format_and_all_of_them_exist(client, posts):
    page = visit(client, "/feeds/")

    found = paths(page, ".formats a")

    names = ["everything", *(kind.feed for kind in Post.kinds().values())]
    names += [f"everything-but-{name}" for name in names[1:]]
    wanted = {f"/{format}/{name}/" for name in names for format in ("atom", "rss", "json")}
    wanted |= {f"/tags/{tag}.{format}" for tag in ("ant", "bee", "cat") for format in ("atom", "rss", "json")}
    wanted |= {f"/series/insects.{format}" for format in ("atom", "rss", "json")}
    assert set(found) == wanted
    assert {client.get(path).status_code for path in found} == {200}


def test_each_link_has_a_unique_accessible_name(client, posts):
    labels = [link["aria-label"] for link in visit(client, "/feeds/").select(".formats a")]

    assert len(set(labels)) == len(labels)
    assert "Insects, JSON Feed" in labels


def test_every_page_links_to_it(client, posts):
    assert "/feeds/" in paths(visit(client, "/"), ".site-footer a")
    assert "/feeds.opml" in paths(visit(client, "/feeds/"))


def test_opml_lists_the_same_feeds(client, posts):
    set_site(title="Tom & Jerry\x01")

    found = {outline.get("xmlUrl"): outline for outline in outlines(client)}

    assert {address.removeprefix("http://testserver") for address in found} == {
        path for path in paths(visit(client, "/feeds/"), ".formats a") if "atom" in path
    }
    everything = found["http://testserver/atom/everything/"]
    assert everything.get("type") == "rss"
    assert everything.get("text") == everything.get("title") == "Tom & Jerry"
    assert everything.get("htmlUrl") == "http://testserver/"


def test_feeds_of_unpublished_posts_are_not_listed(client):
    make_note(tags=["secret"], series=make_series(title="Secret", slug="secret"), is_draft=True)

    assert texts(visit(client, "/feeds/"), "h2") == [
        "Everything",
        "One kind",
        "Everything but one kind",
    ]
    assert not [outline for outline in outlines(client) if "secret" in outline.get("xmlUrl")]
