"""What pages cost does not grow with the archive: far pages and old months read no more than others.

On SQLite the steps of its machine are counted, which are the same on every machine. On PostgreSQL the plans
are looked at: none reads or sorts a whole table.
"""

import json

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.db.models import Min

from blog.models import Day, Link, Post, Series, SiteSettings, Tag
from blog.search import months, results
from blog.search.results import Search, parse

POSTS = 3000
EVERY = 100  # steps
#: Of its rows, so many read at once are the whole table.
WHOLE = POSTS // 2

pytestmark = pytest.mark.django_db


def addresses():
    """For each sort of page, one that is cheap for sure and one that was not always."""
    tag = Tag.objects.order_by("-uses", "pk")[0]
    others = sorted(tag.slug for tag in Tag.objects.order_by("-uses", "pk")[:2])
    old = Day.objects.aggregate(Min("day"))["day__min"]
    newest, *_, oldest = Post.objects.published().newest_first()
    rare = oldest.headline.split()[-1] if oldest.kind == "blogmark" else "fortnight"
    series = Series.objects.filter(posts__isnull=False)[0]
    host = Link.objects.order_by("pk")[0].host
    return {
        "a far page of a kind": ("/blogmarks/", "/blogmarks/?page=last"),
        "a far page of a tag": (tag.get_absolute_url(), f"{tag.get_absolute_url()}?page=last"),
        "two tags": (tag.get_absolute_url(), f"/tags/{'+'.join(others)}/"),
        "the first post": (newest.get_absolute_url(), oldest.get_absolute_url()),
        "the first day": ("/", f"/{old:%Y/%b}/{old.day}/"),
        "the first month": ("/", f"/{old:%Y/%b}/"),
        "its document of the feed": ("/atom/everything/", f"/atom/everything/{old:%Y/%b}/"),
        "a site": ("/", f"/links/{host}/"),
        "a series": ("/", series.get_absolute_url()),
        "all series": ("/", "/series/"),
        "a page that is not there": ("/", f"/{rare}/"),
    }


def get(client, path):
    caches["responses"].clear()
    assert client.get(path).status_code in {200, 404}, path


def steps(client, path):
    """How many hundreds of steps SQLite takes for the page."""
    taken = []
    connection.connection.set_progress_handler(lambda: taken.append(1), EVERY)
    try:
        get(client, path)
    finally:
        connection.connection.set_progress_handler(None, 0)
    return len(taken)


def statements(client, path):
    asked = []
    with connection.execute_wrapper(lambda execute, *query: asked.append(query[:2]) or execute(*query)):
        get(client, path)
    return [(sql, params) for sql, params in asked if sql.startswith("SELECT")]


def whole_tables(client, path):
    """The nodes of PostgreSQL's plans for the page that go through a table, or sort one.

    With indexes alone, as it plans for large tables: it would read the small ones of a test at once.
    """
    found = []
    for sql, params in statements(client, path):
        with connection.cursor() as cursor:
            for way in ("seqscan", "hashjoin", "mergejoin"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
            [told] = cursor.fetchone()
        [whole] = json.loads(told) if isinstance(told, str) else told
        found += [(node["Node Type"], sql) for node in nodes(whole["Plan"]) if rows_of(node) > WHOLE]
    return found


def rows_of(node):
    """How many a node that reads or sorts goes through each time it runs."""
    reads = node["Node Type"] == "Sort" or "Scan" in node["Node Type"]
    return node["Actual Rows"] + node.get("Rows Removed by Filter", 0) if reads else 0


def nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def test_far_and_old_pages_read_no_more_than_others(client, monkeypatch):
    monkeypatch.setattr(months, "FIRST_WINDOW_POSTS", 100)
    call_command("generate_posts", str(POSTS), verbosity=0)
    SiteSettings.load()

    if connection.vendor == "sqlite":
        costs = {name: [steps(client, path) for path in pair] for name, pair in addresses().items()}
        dear = {name: pair for name, pair in costs.items() if pair[1] > 3 * pair[0] + 20}
    else:
        costs = {name: whole_tables(client, far) for name, (_, far) in addresses().items()}
        dear = {name: found for name, found in costs.items() if found}

    assert dear == {}


@pytest.mark.parametrize("most", [0, 1_000_000])
def test_what_search_found_is_looked_up_in_an_index_alone(monkeypatch, most):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL asks an index alone only after VACUUM, which cannot run within a test")
    call_command("generate_posts", str(POSTS), verbosity=0)
    word = Post.objects.published().filter(kind="blogmark").newest_first()[0].headline.split()[0]
    asked = []

    monkeypatch.setattr(results, "MAX_LISTED", most)
    with connection.execute_wrapper(lambda execute, *query: asked.append(query[:2]) or execute(*query)):
        assert Search(Post.objects.published(), parse(word)).found
    sql, params = asked[-1]
    with connection.cursor() as cursor:
        plan = str(cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params).fetchall())

    assert "COVERING INDEX post_found" in plan
