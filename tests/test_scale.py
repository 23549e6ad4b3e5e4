"""The cost of pages does not grow with the archive: deep pages and old months read no more than others.

On SQLite the steps of its virtual machine are counted, which do not depend on the computer. On PostgreSQL
query plans are checked: none may read or sort a whole table.
"""

import json

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.db.models import Min

from blog.models import Day, LinkedHost, Post, Series, SiteSettings, Tag
from blog.search import months, results
from blog.search.results import Search, parse

POSTS = 3000
STEPS_PER_CALL = 100
#: A plan node that reads more rows than this is taken to read the whole table.
WHOLE_TABLE = POSTS // 2

pytestmark = pytest.mark.django_db


def addresses():
    """Return {name: (a cheap page, one that could be expensive)}."""
    tag = Tag.objects.order_by("-uses", "pk")[0]
    others = sorted(tag.slug for tag in Tag.objects.order_by("-uses", "pk")[:2])
    old = Day.objects.aggregate(Min("day"))["day__min"]
    newest, *_, oldest = Post.objects.published().newest_first()
    rare = oldest.headline.split()[-1] if oldest.kind == "blogmark" else "fortnight"
    series = Series.objects.filter(posts__isnull=False)[0]
    host = LinkedHost.objects.order_by("pk")[0].host
    return {
        "a deep page of a kind": ("/blogmarks/", "/blogmarks/?page=last"),
        "a deep page of a tag": (tag.get_absolute_url(), f"{tag.get_absolute_url()}?page=last"),
        "two tags": (tag.get_absolute_url(), f"/tags/{'+'.join(others)}/"),
        "the first post": (newest.get_absolute_url(), oldest.get_absolute_url()),
        "the first day": ("/", f"/{old:%Y/%b}/{old.day}/"),
        "the first month": ("/", f"/{old:%Y/%b}/"),
        "the feed archive of a month": ("/atom/everything/", f"/atom/everything/{old:%Y/%b}/"),
        "a site": ("/", f"/links/{host}/"),
        "a series": ("/", series.get_absolute_url()),
        "all series": ("/", "/series/"),
        "a page that does not exist": ("/", f"/{rare}/"),
    }


def get(client, path):
    caches["responses"].clear()
    assert client.get(path).status_code in {200, 404}, path


def steps(client, path):
    """Return the number of SQLite steps for the page, in hundreds."""
    taken = []
    connection.connection.set_progress_handler(lambda: taken.append(1), STEPS_PER_CALL)
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
    """Return the plan nodes that read or sort a whole table, of all queries for the page.

    Sequential scans, hash and merge joins are disabled: PostgreSQL would choose them for small tables.
    """
    found = []
    for sql, params in statements(client, path):
        with connection.cursor() as cursor:
            for way in ("seqscan", "hashjoin", "mergejoin"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
            [plan] = cursor.fetchone()
        [explained] = json.loads(plan) if isinstance(plan, str) else plan
        found += [
            (node["Node Type"], sql) for node in nodes(explained["Plan"]) if rows_of(node) > WHOLE_TABLE
        ]
    return found


def rows_of(node):
    """Return the rows that a node reads or sorts each time it runs, 0 for other nodes."""
    reads = node["Node Type"] == "Sort" or "Scan" in node["Node Type"]
    return node["Actual Rows"] + node.get("Rows Removed by Filter", 0) if reads else 0


def nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def test_deep_and_old_pages_read_no_more_than_others(client, monkeypatch):
    monkeypatch.setattr(months, "FIRST_WINDOW_POSTS", 100)
    call_command("generate_posts", str(POSTS), verbosity=0)
    SiteSettings.load()

    if connection.vendor == "sqlite":
        costs = {name: [steps(client, path) for path in pair] for name, pair in addresses().items()}
        expensive = {name: pair for name, pair in costs.items() if pair[1] > 3 * pair[0] + 20}
    else:
        costs = {name: whole_tables(client, far) for name, (_, far) in addresses().items()}
        expensive = {name: found for name, found in costs.items() if found}

    assert expensive == {}


@pytest.mark.parametrize("most", [0, 1_000_000])
def test_search_results_are_read_from_a_covering_index(monkeypatch, most):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL uses index-only scans only after VACUUM, which cannot run in a test")
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
