"""Pages as microformats2 parsers read them."""

import mf2py
import pytest

from blog.models import Post
from tests.factories import (
    FACTORIES,
    make_blogmark,
    make_entry,
    make_note,
    make_quotation,
    make_series,
    make_timeline,
    utc,
)
from tests.helpers.pages import make_pages

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
LISTS = [
    "/",
    "/2024/Jun/",
    "/2024/Jun/8/",
    "/notes/",
    "/tags/ant/",
    "/series/insects/",
    "/search/?tag=ant",
    "/search/?q=ant",
]


def parse(client, path):
    return mf2py.parse(doc=client.get(path).content, url=SITE + path)["items"]


def entry(client, post):
    """The only post on its page, and its properties."""
    [item] = parse(client, post.get_absolute_url())
    assert item["type"] == ["h-entry"]
    return item["properties"]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_an_h_feed_of_h_entries(client, path):
    posts = make_timeline(12, series=make_series(slug="insects"))

    [feed] = parse(client, path)

    assert feed["type"] == ["h-feed"]
    assert feed["properties"]["name"]
    assert {child["type"][0] for child in feed["children"]} == {"h-entry"}
    shown = {child["properties"]["url"][0] for child in feed["children"]}
    assert shown <= {SITE + post.get_absolute_url() for post in posts}
    assert all(len(child["properties"]["category"]) == 2 for child in feed["children"])


@pytest.mark.parametrize("make", FACTORIES.values(), ids=FACTORIES)
def test_a_post_has_url_time_tags_and_content(client, make):
    post = make(body="So *it* is.", tags=["ant", "bee"], published=utc(2024, 6, 8, 21, 43))

    properties = entry(client, post)

    assert properties["url"] == [SITE + post.get_absolute_url()]
    assert properties["published"] == ["2024-06-08T21:43:00+0000"]
    assert properties["category"] == ["ant", "bee"]
    assert "So it is." in properties["content"][0]["value"]


@pytest.mark.parametrize(
    ("make", "fields"),
    [
        (make_entry, {"title": "Rain"}),
        (make_blogmark, {"link_title": "Rain"}),
        (make_note, {"title": "Rain"}),
    ],
)
def test_a_post_with_a_title_has_a_name(client, make, fields):
    assert entry(client, make(**fields))["name"] == ["Rain"]


@pytest.mark.parametrize("make", FACTORIES.values(), ids=FACTORIES)
def test_a_search_result_has_the_passage_as_content_and_summary(client, make):
    post = make(body="Much rain " + "and so on " * 50, tags=["ant"], published=utc(2024, 6, 8, 21, 43))

    [feed] = parse(client, "/search/?q=rain")

    [result] = feed["children"]
    properties = result["properties"]
    assert properties["url"] == [SITE + post.get_absolute_url()]
    assert properties["published"] == ["2024-06-08T21:43:00+0000"]
    assert properties["category"] == ["ant"]
    [summary] = properties["summary"]
    assert summary.startswith("Much rain and so on")
    assert summary.endswith("…")
    assert summary in properties["content"][0]["value"]
    assert "<mark>rain</mark>" in properties["content"][0]["html"]


def test_a_link_post_in_search_results_is_a_bookmark(client):
    make_blogmark(link_url="https://example.com/a", link_title="Rain", via_url="https://via.example/")

    [feed] = parse(client, "/search/?q=rain")

    properties = feed["children"][0]["properties"]
    assert properties["name"] == ["Rain"]
    assert properties["bookmark-of"][0]["properties"]["url"] == ["https://example.com/a"]
    assert properties["via"][0]["properties"]["url"] == ["https://via.example/"]


def test_a_link_post_is_a_bookmark(client):
    post = make_blogmark(link_url="https://example.com/a", link_title="Rain", via_url="https://via.example/")

    properties = entry(client, post)

    [bookmark] = properties["bookmark-of"]
    assert bookmark["type"] == ["h-cite"]
    assert bookmark["properties"]["url"] == ["https://example.com/a"]
    assert properties["via"][0]["properties"]["url"] == ["https://via.example/"]


def test_the_source_of_a_quotation_is_cited(client):
    [item] = parse(client, make_quotation(source="Ada", source_url="https://example.com/").get_absolute_url())

    [source] = item["children"]
    assert source["type"] == ["h-cite"]
    assert source["properties"] == {"name": ["Ada"], "url": ["https://example.com/"]}


def stored(post):
    """The properties of a post according to the database."""
    post = post.as_kind()
    cited = {"u-bookmark-of": getattr(post, "link_url", ""), "u-via": getattr(post, "via_url", "")}
    return {
        "url": SITE + post.get_absolute_url(),
        "published": post.published.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "category": sorted(tag.name for tag in post.tags.all()),
        "name": post.headline if post.title or getattr(post, "link_title", "") else None,
        "bookmark-of": cited["u-bookmark-of"] or None,
        "via": cited["u-via"] or None,
        "source": (post.source, post.source_url or None) if post.kind == "quotation" else None,
    }


def parsed(item):
    """The same properties according to the page."""
    properties = item["properties"]

    def first(name):
        return properties.get(name, [None])[0]

    def address(name):
        return first(name) and first(name)["properties"]["url"][0]

    sources = [child["properties"] for child in item.get("children", ()) if child["type"] == ["h-cite"]]
    return {
        "url": first("url"),
        "published": first("published"),
        "category": sorted(properties.get("category", ())),
        "name": first("name"),
        "bookmark-of": address("bookmark-of"),
        "via": address("via"),
        "source": next(((source["name"][0], source.get("url", [None])[0]) for source in sources), None),
    }


def test_every_page_agrees_with_the_database(client):
    paths = make_pages()
    found = {}

    for path in paths.values():
        for item in parse(client, path):
            for post in item.get("children", ()) if item["type"] == ["h-feed"] else [item]:
                if post["type"] == ["h-entry"]:
                    found.setdefault(post["properties"]["url"][0], []).append((path, parsed(post)))

    posts = {SITE + post.get_absolute_url(): stored(post) for post in Post.objects.published()}
    assert found.keys() == posts.keys()
    differing = [
        (path, item, posts[url]) for url, pages in found.items() for path, item in pages if item != posts[url]
    ]
    assert differing == []
    assert sum(map(len, found.values())) > 150


def test_a_post_has_the_name_of_its_guest_and_its_update(client):
    post = make_note(published=utc(2024, 6, 8), byline="A guest")
    post.body = "Changed."
    post.save()

    properties = entry(client, post)

    assert properties["author"][0]["properties"]["name"] == ["A guest"]
    assert properties["updated"] > properties["published"]
