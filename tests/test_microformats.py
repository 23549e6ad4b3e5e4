"""Pages as software of other sites reads them (microformats2)."""

import mf2py
import pytest

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
def test_a_list_is_a_feed_of_posts(client, path):
    posts = make_timeline(12, series=make_series(slug="insects"))

    [feed] = parse(client, path)

    assert feed["type"] == ["h-feed"]
    assert feed["properties"]["name"]
    assert {child["type"][0] for child in feed["children"]} == {"h-entry"}
    shown = {child["properties"]["url"][0] for child in feed["children"]}
    assert shown <= {SITE + post.get_absolute_url() for post in posts}
    assert all(len(child["properties"]["category"]) == 2 for child in feed["children"])


@pytest.mark.parametrize("make", FACTORIES.values(), ids=FACTORIES)
def test_a_post_tells_its_address_time_tags_and_text(client, make):
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
def test_a_post_that_has_a_title_is_named(client, make, fields):
    assert entry(client, make(**fields))["name"] == ["Rain"]


@pytest.mark.parametrize("make", FACTORIES.values(), ids=FACTORIES)
def test_a_result_shows_the_passage_as_its_content_and_summary(client, make):
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


def test_a_link_that_was_found_is_a_bookmark(client):
    make_blogmark(link_url="https://example.com/a", link_title="Rain", via_url="https://via.example/")

    [feed] = parse(client, "/search/?q=rain")

    properties = feed["children"][0]["properties"]
    assert properties["name"] == ["Rain"]
    assert properties["bookmark-of"][0]["properties"]["url"] == ["https://example.com/a"]
    assert properties["via"][0]["properties"]["url"] == ["https://via.example/"]


def test_a_link_is_a_bookmark(client):
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


def test_a_guest_and_an_update_are_told(client):
    post = make_note(published=utc(2024, 6, 8), byline="A guest")
    post.body = "Changed."
    post.save()

    properties = entry(client, post)

    assert properties["author"][0]["properties"]["name"] == ["A guest"]
    assert properties["updated"] > properties["published"]
