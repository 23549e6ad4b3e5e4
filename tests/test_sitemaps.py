"""The sitemap (sitemaps.org, protocol 0.9) as search engines read it."""

from datetime import datetime

import pytest
from lxml import etree

from blog.models import Tag
from blog.sitemaps import YearSitemap
from tests.factories import make_entry, make_note, make_page, make_series, make_timeline, utc
from tests.helpers.browsing import urls_of

pytestmark = pytest.mark.django_db

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
SITE = "http://testserver"


def read(client, path, what="//s:loc/text()"):
    response = client.get(path)
    assert response.status_code == 200
    return etree.fromstring(response.content).xpath(what, namespaces=SITEMAP)


def texts(element):
    return [child.text for child in element]


def test_the_index_lists_the_parts_with_their_last_changes(client):
    make_entry(published=utc(2023, 6, 7))
    make_entry(published=utc(2024, 6, 7))
    make_entry(published=utc(2024, 6, 8))
    make_entry(published=utc(2025, 1, 1), is_draft=True)

    parts = read(client, "/sitemap.xml", "/s:sitemapindex/s:sitemap")

    assert [texts(part) for part in parts] == [
        [f"{SITE}/sitemap-pages.xml", "2024-06-08T12:00:00+00:00"],
        [f"{SITE}/sitemap-tags.xml"],
        [f"{SITE}/sitemap-2024.xml", "2024-06-08T12:00:00+00:00"],
        [f"{SITE}/sitemap-2023.xml", "2023-06-07T12:00:00+00:00"],
    ]


def test_every_public_post_is_listed_once(client):
    posts = make_timeline(8)
    make_note(is_draft=True)
    make_note(published=utc(2999, 1, 1))

    assert read(client, "/sitemap-2024.xml") == [SITE + address for address in urls_of(posts)]


def test_lastmod_is_the_last_change_that_matters_to_readers(client, time_machine):
    time_machine.move_to(utc(2024, 6, 9))
    post = make_entry(published=utc(2024, 6, 8))
    post.tags.add("new")
    post.save()
    assert read(client, "/sitemap-2024.xml", "//s:lastmod/text()") == ["2024-06-08T12:00:00+00:00"]

    post.body = "Changed."
    post.save()

    assert read(client, "/sitemap-2024.xml", "//s:lastmod/text()") == ["2024-06-09T12:00:00+00:00"]


def test_lists_series_standing_pages_and_archives_are_listed(client):
    make_page(slug="colophon")
    make_page(slug="plans", is_draft=True)
    make_note(published=utc(2023, 12, 31), series=make_series(slug="waves"))
    make_note(published=utc(2024, 1, 1))
    make_note(published=utc(2024, 6, 8))
    make_note(published=utc(2025, 1, 1), is_draft=True, series=make_series(slug="secret"))

    found = {
        address: change for address, *change in map(texts, read(client, "/sitemap-pages.xml", "//s:url"))
    }

    lists = ["tags", "feeds", "links", "via", "series", "entries", "blogmarks", "quotations", "notes"]
    unchanging = [f"{SITE}/{name}/" for name in (*lists, "series/waves", "about", "colophon")]
    assert found == {f"{SITE}/": ["2024-06-08T12:00:00+00:00"]} | {name: [] for name in unchanging} | {
        f"{SITE}/2023/": ["2023-12-31T12:00:00+00:00"],
        f"{SITE}/2024/": ["2024-06-08T12:00:00+00:00"],
        f"{SITE}/2023/Dec/": ["2023-12-31T12:00:00+00:00"],
        f"{SITE}/2024/Jan/": ["2024-01-01T12:00:00+00:00"],
        f"{SITE}/2024/Jun/": ["2024-06-08T12:00:00+00:00"],
    }


def test_the_tags_of_public_posts_are_listed(client):
    make_note(tags=["sea", "C++", "été"])
    make_note(tags=["secret"], is_draft=True)

    found = read(client, "/sitemap-tags.xml")

    assert found == [f"{SITE}{tag.get_absolute_url()}" for tag in Tag.objects.exclude(name="secret")]
    assert len(found) == 3


def test_every_listed_url_exists(client):
    make_timeline(4, series=make_series())
    make_page()

    for part in read(client, "/sitemap.xml"):
        for address in read(client, part.removeprefix(SITE)):
            assert client.get(address.removeprefix(SITE)).status_code == 200


def test_it_follows_the_schema(client):
    """Checks the rules of the protocol's XSDs: element order, cardinality and types."""
    make_timeline(4, tags=["été"])

    parts = read(client, "/sitemap.xml", "/s:sitemapindex/*")
    for element in parts:
        check(element, "sitemap")
    for part in parts:
        path = texts(part)[0].removeprefix(SITE)
        elements = read(client, path, "/s:urlset/*")
        assert 1 <= len(elements) <= 50_000
        assert len(client.get(path).content) < 50 * 1024**2
        for element in elements:
            check(element, "url")


def check(element, name):
    names = [child.tag.rpartition("}")[2] for child in element]
    assert element.tag == f"{{{SITEMAP['s']}}}{name}"
    assert names in (["loc"], ["loc", "lastmod"])
    address, *change = texts(element)
    assert 12 <= len(address) <= 2048
    assert address.isascii()
    assert all(datetime.fromisoformat(time) for time in change)


def test_many_posts_are_split_into_parts(client, monkeypatch):
    monkeypatch.setattr(YearSitemap, "limit", 3)
    posts = make_timeline(8)

    parts = [part for part in read(client, "/sitemap.xml") if "2024" in part]

    assert parts == [f"{SITE}/sitemap-2024.xml{page}" for page in ("", "?p=2", "?p=3")]
    named = [address for part in parts for address in read(client, part.removeprefix(SITE))]
    assert named == [SITE + address for address in urls_of(posts)]


@pytest.mark.parametrize(
    "path", ["/sitemap-drafts.xml", "/sitemap-1999.xml", "/sitemap-2024.xml?p=2", "/sitemap-2024.xml?p=x"]
)
def test_an_unknown_part_is_a_404(client, path):
    make_note()

    assert client.get(path).status_code == 404


def test_the_index_runs_as_many_queries_for_any_number_of_posts(reader, django_assert_max_num_queries):
    make_timeline(12)

    reader.get("/sitemap.xml")
    with django_assert_max_num_queries(1):
        reader.get("/sitemap.xml")
    make_note()
    with django_assert_max_num_queries(9) as captured:  # two of them for what has changed
        reader.get("/sitemap.xml")

    assert not [query["sql"] for query in captured if '"blog_post"."slug"' in query["sql"]]
