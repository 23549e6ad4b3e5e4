"""The sitemap (sitemaps.org, protocol 0.9) as search engines read it."""

import pytest
from lxml import etree

from blog.sitemaps import YearSitemap
from tests.browsing import addresses
from tests.factories import make_entry, make_note, make_page, make_timeline, utc

pytestmark = pytest.mark.django_db

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
SITE = "http://testserver"


def read(client, path, what="//s:loc/text()"):
    response = client.get(path)
    assert response.status_code == 200
    return etree.fromstring(response.content).xpath(what, namespaces=SITEMAP)


def test_the_index_names_the_parts_and_when_they_changed(client):
    make_entry(published=utc(2023, 6, 7))
    make_entry(published=utc(2024, 6, 7))
    make_entry(published=utc(2024, 6, 8))
    make_entry(published=utc(2025, 1, 1), is_draft=True)

    parts = read(client, "/sitemap.xml")

    assert parts == [f"{SITE}/sitemap-{name}.xml" for name in ("pages", "2024", "2023")]
    assert read(client, "/sitemap.xml", "//s:lastmod/text()") == [
        "2024-06-08T12:00:00+00:00",
        "2023-06-07T12:00:00+00:00",
    ]


def test_every_public_post_is_named_once(client):
    posts = make_timeline(8)
    make_note(is_draft=True)
    make_note(published=utc(2999, 1, 1))

    assert read(client, "/sitemap-2024.xml") == [SITE + address for address in addresses(posts)]


def test_it_tells_the_last_change_that_readers_should_know_of(client, time_machine):
    time_machine.move_to(utc(2024, 6, 9))
    post = make_entry(published=utc(2024, 6, 8))
    post.tags.add("new")
    post.save()
    assert read(client, "/sitemap-2024.xml", "//s:lastmod/text()") == ["2024-06-08"]

    post.body = "Changed."
    post.save()

    assert read(client, "/sitemap-2024.xml", "//s:lastmod/text()") == ["2024-06-09"]


def test_lists_and_standing_pages_are_named(client):
    make_page(slug="colophon")
    make_page(slug="plans", is_draft=True)

    found = read(client, "/sitemap-pages.xml")

    assert found == [
        f"{SITE}{path}"
        for path in (
            "/", "/tags/", "/feeds/", "/entries/", "/blogmarks/", "/quotations/", "/notes/", "/about/",
            "/colophon/",
        )
    ]  # fmt: skip


def test_everything_that_it_names_answers(client):
    make_timeline(4)
    make_page()

    for part in read(client, "/sitemap.xml"):
        for address in read(client, part.removeprefix(SITE)):
            assert client.get(address.removeprefix(SITE)).status_code == 200


def test_many_posts_are_split_into_parts(client, monkeypatch):
    monkeypatch.setattr(YearSitemap, "limit", 3)
    posts = make_timeline(8)

    parts = [part for part in read(client, "/sitemap.xml") if "2024" in part]

    assert parts == [f"{SITE}/sitemap-2024.xml{page}" for page in ("", "?p=2", "?p=3")]
    named = [address for part in parts for address in read(client, part.removeprefix(SITE))]
    assert named == [SITE + address for address in addresses(posts)]


@pytest.mark.parametrize(
    "path", ["/sitemap-drafts.xml", "/sitemap-1999.xml", "/sitemap-2024.xml?p=2", "/sitemap-2024.xml?p=x"]
)
def test_a_part_that_is_not_there_is_not_found(client, path):
    make_note()

    assert client.get(path).status_code == 404


def test_the_index_costs_the_same_whatever_the_number_of_posts(client, django_assert_max_num_queries):
    make_timeline(12)

    client.get("/sitemap.xml")
    with django_assert_max_num_queries(2):
        client.get("/sitemap.xml")
    make_note()
    with django_assert_max_num_queries(5) as captured:
        client.get("/sitemap.xml")

    assert not [
        query["sql"] for query in captured if '"slug"' in query["sql"] and "blog_post" in query["sql"]
    ]
