"""The benchmark's tables and measurements."""

import re

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from blog.models import SiteSettings, current_settings
from tests.bench import archive, pages, polls, scale, served, tables
from tests.factories import make_timeline


@pytest.fixture
def _one_connection():
    """Keep requests of the real handler from closing the connection with the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_a_figure_missing_from_one_database_leaves_a_blank():
    results = {"SQLite": {"home": "5 ms", "search": "10 ms"}, "PostgreSQL": {"search": "9 ms", "tag": "4 ms"}}

    assert tables.by_database(results).splitlines() == [
        "        SQLite  PostgreSQL",
        "home      5 ms",
        "search   10 ms        9 ms",
        "tag                   4 ms",
    ]


def test_an_archive_has_tables_of_uncached_and_served_pages():
    speed = {"rate": 1200.4, "latency": 0.84, "share": 0.75}
    page = {"bytes": 5120, "empty": 1600, "uncached": speed, "cached": speed, "304": speed}
    figures = {
        "generation": {"seconds": 61.2, "cpu": 40},
        "uncached": {
            "home": {"queries": 4, "ms": 8.26},
            "not found": {"queries": 3, "ms": 2, "status": "404"},
        },
        "served": {"pages": {"home": page}, "memory": {"cached": 71.6}},
    }

    lines = tables.archive_tables(figures).splitlines()

    assert "| home          |       4 | 8.3 ms |     |" in lines
    assert "| not found     |       3 | 2.0 ms | 404 |" in lines
    [home] = [line for line in lines if line.startswith("| home   | 5,120 |")]
    assert re.sub(r" +", " ", home) == "| home | 5,120 | 1,600 | 1,200 | 0.8 |" + " 1,200 | 0.8 | 0.75 |" * 2
    assert lines[-1] == "Peak memory of a worker: cached 72 MB."


def test_the_growth_table_has_the_ratio_of_the_largest_to_the_smallest():
    results = {
        size: {"SQLite": {"uncached": {"home": {"queries": 4, "ms": ms}}}}
        for size, ms in ((10, 8.0), (1000, 9.0))
    }

    assert (
        tables.growth_tables(results).splitlines()[-1] == "| home              | 8.0 |   9.0 |         1.12 |"
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_connection")
def test_every_page_exists_and_is_measured(monkeypatch):
    monkeypatch.setattr(scale, "REQUESTS", 1)
    call_command("generate_posts", "300", verbosity=0)

    costs = scale.measure_uncached()

    assert {name for name, cost in costs.items() if cost.get("status", "200") != "200"} == {"not found"}
    assert pages.served_paths().keys() < costs.keys()
    assert all(cost["ms"] > 0 for cost in costs.values())


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_connection")
def test_queries_are_counted(django_assert_num_queries):
    SiteSettings.load()
    current_settings()
    requests = scale.REQUESTS + 1

    with django_assert_num_queries(2 * requests):
        assert scale.cost(scale.getting(WSGIHandler(), "/healthz"))["queries"] == 2


@pytest.mark.parametrize("wrk", sorted({served.WRK, None}, key=str))
def test_a_server_is_measured(monkeypatch, wrk):
    monkeypatch.setattr(served, "WRK", wrk)

    with served.serving("tests.bench.empty_view_wsgi") as server:
        speed = served.measure(server, "/")
        memory = server.peak_memory()

    assert speed.rate > 10
    assert speed.latency > 0
    assert 10 < memory < 1000


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_connection")
def test_polls_are_compared_with_an_empty_view(monkeypatch):
    monkeypatch.setattr(polls, "ROUNDS", 1)
    monkeypatch.setattr(polls, "REQUESTS", 20)
    make_timeline(8)

    figures = polls.measure()

    rates = [figure for name, figure in figures.items() if "per second of one core" in name]
    assert len(rates) == 3
    assert all(re.fullmatch(r"[\d,]+ +\d+\.\d\d of the empty view", rate) for rate in rates)
    assert figures["50,000 readers every 15 minutes, 304"].startswith("55.6 per second, ")


@pytest.mark.django_db
def test_a_failed_import_is_reported(tmp_path, capsys):
    assert archive.import_archive(str(tmp_path)) == {}

    assert "The import failed" in capsys.readouterr().out
