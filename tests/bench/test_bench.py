"""The benchmark measures what it says."""

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
    """Requests of the real handler would close the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_a_table_of_databases_leaves_out_what_was_not_measured():
    results = {"SQLite": {"home": "5 ms", "search": "10 ms"}, "PostgreSQL": {"search": "9 ms", "tag": "4 ms"}}

    assert tables.by_database(results).splitlines() == [
        "        SQLite  PostgreSQL",
        "home      5 ms",
        "search   10 ms        9 ms",
        "tag                   4 ms",
    ]


def test_a_table_of_an_archive_tells_each_page_cold_kept_and_known():
    speed = {"rate": 1200.4, "latency": 0.84, "share": 0.75}
    page = {"bytes": 5120, "bare": 1600, "cold": speed, "kept": speed, "304": speed}
    figures = {
        "generation": {"seconds": 61.2, "busy": 40},
        "work": {"home": {"queries": 4, "ms": 8.26}, "not found": {"queries": 3, "ms": 2, "status": "404"}},
        "served": {"pages": {"home": page}, "memory": {"giving out": 71.6}},
    }

    lines = tables.of_archive(figures).splitlines()

    assert "| home      |       4 | 8.3 ms |     |" in lines
    assert "| not found |       3 | 2.0 ms | 404 |" in lines
    [home] = [line for line in lines if line.startswith("| home   | 5,120 |")]
    assert re.sub(r" +", " ", home) == "| home | 5,120 | 1,600 | 1,200 | 0.8 |" + " 1,200 | 0.8 | 0.75 |" * 2
    assert lines[-1] == "Peak memory of a worker: giving out 72 MB."


def test_a_table_of_sizes_tells_what_grows():
    results = {
        size: {"SQLite": {"work": {"home": {"queries": 4, "ms": ms}}}}
        for size, ms in ((10, 8.0), (1000, 9.0))
    }

    assert tables.of_growth(results).splitlines()[-1] == "| home               | 8.0 |   9.0 |         1.12 |"


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_connection")
def test_every_page_is_measured_and_found(monkeypatch):
    monkeypatch.setattr(scale, "REQUESTS", 1)
    call_command("generate_posts", "300", verbosity=0)

    costs = scale.work()

    assert {name for name, found in costs.items() if found.get("status", "200") != "200"} == {"not found"}
    assert pages.served().keys() < costs.keys()
    assert all(found["ms"] > 0 for found in costs.values())


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_connection")
def test_queries_are_counted(django_assert_num_queries):
    SiteSettings.load()
    current_settings()
    monkeys = scale.REQUESTS + 1

    with django_assert_num_queries(2 * monkeys):
        assert scale.cost(scale.getting(WSGIHandler(), "/healthz"))["queries"] == 2


@pytest.mark.parametrize("wrk", sorted({served.WRK, None}, key=str))
def test_a_server_is_measured(monkeypatch, wrk):
    monkeypatch.setattr(served, "WRK", wrk)

    with served.serving("tests.bench.bare_wsgi") as server:
        speed = served.measure(server, "/")
        memory = server.peak_memory()

    assert speed.rate > 10
    assert speed.latency > 0
    assert 10 < memory < 1000


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_connection")
def test_polls_are_measured_beside_a_bare_view(monkeypatch):
    monkeypatch.setattr(polls, "ROUNDS", 1)
    monkeypatch.setattr(polls, "REQUESTS", 20)
    make_timeline(8)

    figures = polls.measure()

    rates = [figure for name, figure in figures.items() if "a second of one core" in name]
    assert len(rates) == 3
    assert all(re.fullmatch(r"[\d,]+ +\d+\.\d\d of the bare view", rate) for rate in rates)
    assert figures["50,000 readers every 15 minutes, 304"].startswith("55.6 a second, ")


@pytest.mark.django_db
def test_a_folder_that_cannot_be_imported_is_said_to_be(tmp_path, capsys):
    assert archive.import_archive(str(tmp_path)) == {}

    assert "was not imported" in capsys.readouterr().out
