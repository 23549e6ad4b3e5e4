"""The benchmark measures what it says."""

import re
from datetime import timedelta

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from blog.models import SiteSettings
from tests.bench import measure, polls
from tests.bench.__main__ import table
from tests.factories import make_timeline
from weblog.wsgi import application


@pytest.fixture
def _one_connection():
    """Requests of the real handler would close the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_table_is_aligned_and_leaves_out_what_was_not_measured():
    results = {"SQLite": {"home": "5 ms", "search": "10 ms"}, "PostgreSQL": {"search": "9 ms", "tag": "4 ms"}}

    assert table(results).splitlines() == [
        "        SQLite  PostgreSQL",
        "home      5 ms",
        "search   10 ms        9 ms",
        "tag                   4 ms",
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_connection")
def test_every_page_is_measured_and_found(monkeypatch):
    monkeypatch.setattr(measure, "REQUESTS", 1)
    make_timeline(300, step=timedelta(hours=1))

    for name, path in measure.pages().items():
        figure = measure.measure_page(application, path)
        assert re.fullmatch(r"(\(404\) )?\d+ queries( +\d+\.\d\d ms){2} CPU", figure), f"{name}: {figure}"
        assert figure.startswith("(404)") == (name == "not found"), f"{name} is {path}"


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_connection")
def test_queries_are_counted(django_assert_num_queries):
    SiteSettings.load()

    with django_assert_num_queries(2 * (measure.REQUESTS + 2)):
        assert measure.measure_page(application, "/healthz").startswith("2 queries")


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
    assert measure.import_archive(str(tmp_path)) == {}

    assert "was not imported" in capsys.readouterr().out
