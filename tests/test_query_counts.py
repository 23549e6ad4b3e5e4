"""Each page takes few queries, and no more of them when there are more posts."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import Post, Tag
from blog.timeline.by_tag import tagged
from tests.factories import make_blogmark, make_entry, make_series, make_timeline, set_site, utc

KINDS = Post.kinds().values()
LIMITS = {
    "/": 6,
    "/2024/": 7,
    "/2024/Jun/": 8,
    "/2024/Jun/?page=2": 8,
    "/2024/Jun/8/": 8,
    "/2024/Jun/8/rain/": 6,
    "/blogmarks/?page=last": 6,
    "/tags/": 6,
    "/tags/?all": 6,
    "/tags/bee/?page=last": 8,
    "/random/bee/": 6,
    "/tags/bee/": 7,
    "/tags/ant+bee/": 6,
    "/series/": 6,
    "/series/insects/": 6,
    "/links/": 6,
    "/links/example.com/": 6,
    "/via/": 6,
    "/via/example.org/": 6,
    "/search/": 6,
    "/search/?q=o": 6,
    "/search/?q=rain": 10,
    "/search/?q=tag:bee": 8,
    "/search/atom/?q=rain": 6,
    "/search/suggestions/?q=rai": 6,
    "/feeds/": 6,
    "/rss/everything/": 6,
    "/json/everything/": 6,
    "/atom/everything-but-links/": 6,
    "/nothing/": 6,
    "/about/": 6,
    "/sitemap.xml": 6,
    "/sitemap-2024.xml": 6,
    "/atom/everything/": 6,
    "/tags/bee.atom": 6,
    "/tags/ant+bee.atom": 6,
    "/series/insects.atom": 6,
    **{f"/{kind.listing}/": 6 for kind in KINDS},
    **{f"/atom/{kind.feed}/": 6 for kind in KINDS},
    **{f"/{kind.short}/1": 6 for kind in KINDS},
}

#: Pages that the response cache stores.
CACHED = [path for path in LIMITS if path not in {"/nothing/", "/random/bee/"} and not path.endswith("/1")]


def queries(client, path):
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return [query["sql"] for query in captured]


def make_via_links(number):
    for n in range(number):
        make_blogmark(via_url=f"https://example.org/{n}", published=utc(2024, 6, 1))


@pytest.mark.django_db
def test_pages_take_few_queries_whatever_the_number_of_posts(client, reader):
    set_site(title="Weblog")
    series = make_series(slug="insects")
    make_entry(slug="rain", published=utc(2024, 6, 8), tags=["ant", "bee"], series=series)
    make_timeline(40, start=utc(2024, 6, 8, 9), series=series)
    make_via_links(4)
    few = {path: len(queries(client, path)) for path in LIMITS}
    for path in CACHED:
        reader.get(path)
    assert {path: len(queries(reader, path)) for path in CACHED} == dict.fromkeys(CACHED, 1)

    make_timeline(40, start=utc(2024, 6, 8, 15), series=series, tags=["ant", "bee", "cat", "dog", "eel"])
    make_via_links(40)
    many = {path: queries(client, path) for path in LIMITS}

    assert {path: len(made) for path, made in many.items()} == few
    assert [(path, made) for path, made in many.items() if len(made) > LIMITS[path]] == []


#: A cursor in the middle of the timeline.
CURSOR = (utc(2024, 6, 8, 9, 20), 10**9)
LISTS = {
    "home": lambda: Post.objects.published().for_lists()[:30],
    "a kind": lambda: Post.objects.published().filter(kind="note").for_lists()[:30],
    "a tag": lambda: tagged([Tag.objects.get(slug="bee")]).for_lists()[:30],
    "a page of a feed": lambda: Post.objects.published().before(CURSOR).in_full()[:31],
    "a page of the feed of a tag": lambda: tagged([Tag.objects.get(slug="bee")], CURSOR).in_full()[:31],
    "a month of the archive": lambda: (
        Post.objects.published().in_month(date(2024, 6, 1)).before(CURSOR).in_full()[:101]
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_lists_are_read_from_an_index_without_sorting(name):
    make_timeline(40)
    # PostgreSQL would prefer a sequential scan for so few rows.
    unavoidable = "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else unavoidable)

    plan = LISTS[name]().explain().lower()

    assert "timeline" in plan or "post_kind" in plan
    assert "order by" not in plan, "SQLite sorts"
    assert "sort" not in plan, "PostgreSQL sorts"
