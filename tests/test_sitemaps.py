"""The sitemap (sitemaps.org, protocol 0.9) as search engines read it."""

import pytest
from lxml import etree

from blog.sitemaps import PostSitemap
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
    make_entry(published=utc(2024, 6, 7))
    make_entry(published=utc(2024, 6, 8))

    parts = read(client, "/sitemap.xml")

    assert parts == [f"{SITE}/sitemap-posts.xml", f"{SITE}/sitemap-pages.xml"]
    assert read(client, "/sitemap.xml", "//s:sitemap[1]/s:lastmod/text()") == ["2024-06-08T12:00:00+00:00"]


def test_every_public_post_is_named_once(client):
    posts = make_timeline(8)
    make_note(is_draft=True)
    make_note(published=utc(2999, 1, 1))

    assert read(client, "/sitemap-posts.xml") == [SITE + address for address in addresses(posts)]


def test_it_tells_the_last_change_that_readers_should_know_of(client, time_machine):
    time_machine.move_to(utc(2024, 6, 9))
    post = make_entry(published=utc(2024, 6, 8))
    post.tags.add("new")
    post.save()
    assert read(client, "/sitemap-posts.xml", "//s:lastmod/text()") == ["2024-06-08"]

    post.body = "Changed."
    post.save()

    assert read(client, "/sitemap-posts.xml", "//s:lastmod/text()") == ["2024-06-09"]


def test_lists_and_standing_pages_are_named(client):
    make_page(slug="colophon")
    make_page(slug="plans", is_draft=True)

    found = read(client, "/sitemap-pages.xml")

    assert found == [
        f"{SITE}{path}"
        for path in (
            "/", "/tags/", "/entries/", "/blogmarks/", "/quotations/", "/notes/", "/about/", "/colophon/",
        )
    ]  # fmt: skip


def test_everything_that_it_names_answers(client):
    make_timeline(4)
    make_page()

    for part in read(client, "/sitemap.xml"):
        for address in read(client, part.removeprefix(SITE)):
            assert client.get(address.removeprefix(SITE)).status_code == 200


def test_many_posts_are_split_into_parts(client, monkeypatch):
    monkeypatch.setattr(PostSitemap, "limit", 3)
    posts = make_timeline(8)

    parts = [part for part in read(client, "/sitemap.xml") if "posts" in part]

    assert parts == [f"{SITE}/sitemap-posts.xml{page}" for page in ("", "?p=2", "?p=3")]
    named = [address for part in parts for address in read(client, part.removeprefix(SITE))]
    assert named == [SITE + address for address in addresses(posts)]


@pytest.mark.parametrize("path", ["/sitemap-drafts.xml", "/sitemap-posts.xml?p=2", "/sitemap-posts.xml?p=x"])
def test_a_part_that_is_not_there_is_not_found(client, path):
    make_note()

    assert client.get(path).status_code == 404


def test_the_index_costs_the_same_whatever_the_number_of_posts(client, django_assert_max_num_queries):
    make_timeline(12)

    with django_assert_max_num_queries(4) as captured:
        client.get("/sitemap.xml")

    assert not [
        query["sql"] for query in captured if '"slug"' in query["sql"] and "blog_post" in query["sql"]
    ]
