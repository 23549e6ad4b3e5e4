"""Readers go on reading while the database is slow, locked or down, and see changes at once afterwards."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Event, Lock

import pytest
from django.db import connection, transaction
from django.utils import timezone

from blog.caching import site_version_reader
from blog.caching.site_version_reader import UNKNOWN, SiteVersionReader
from blog.models import SiteSettings, SiteState
from tests.factories import make_entry, set_site
from tests.helpers.reader import Reader


@pytest.fixture
def site(db):
    return set_site(title="Harbour")


@pytest.fixture
def take_down(monkeypatch, reader):
    """Return a function that takes the database down and returns the list of failed queries."""

    def take_database_down():
        failed = []

        def query():
            failed.append(1)
            raise reader.response_cache.version_reader.errors("gone")

        monkeypatch.setattr(reader.response_cache.version_reader, "query", query)
        return failed

    return take_database_down


def logged(caplog):
    return [(record.levelno, record.message) for record in caplog.records if "circuit_breaker" in record.name]


def test_readers_go_on_reading_while_it_is_down(reader, site, take_down, caplog):
    first = reader.get("/")
    failed = take_down()

    responses = [reader.get("/") for _ in range(5)]

    assert [response.content for response in responses] == [first.content] * 5
    assert len(failed) == 1, "only the first request calls it"
    [(level, message)] = logged(caplog)
    assert (level, "gone" in message) == (logging.ERROR, True)


def test_when_it_is_up_again_readers_see_the_changes(reader, site, take_down, caplog, monkeypatch):
    monkeypatch.setattr(reader.response_cache.version_reader.breaker, "cooldown", 0)
    reader.get("/")
    query = reader.response_cache.version_reader.query
    take_down()
    reader.get("/")
    reader.get("/")
    monkeypatch.setattr(reader.response_cache.version_reader, "query", query)
    make_entry(title="Boats")

    assert "Boats" in reader.get("/").content.decode()
    assert [message for _, message in logged(caplog)] == [
        "The database does not respond (gone). Meanwhile readers get cached pages, which may be outdated.",
        "The database responds again.",
    ]


class Queue:
    """A lock that sets an event once eight threads have come for it."""

    def __init__(self):
        self.lock, self.number, self.is_full = Lock(), count(1), Event()

    def __enter__(self):
        if next(self.number) == 8:
            self.is_full.set()
        self.lock.acquire()

    def __exit__(self, *error):
        self.lock.release()


@pytest.mark.django_db(transaction=True)
class TestConnection:
    @pytest.fixture(autouse=True)
    def _site(self):
        set_site(title="Harbour")

    @pytest.fixture
    def version_reader(self):
        version_reader = SiteVersionReader()
        yield version_reader
        version_reader.close()

    def test_it_reads_the_current_version(self, version_reader):
        for _ in range(2):
            assert version_reader.version() == SiteState.load().version
        make_entry()
        assert version_reader.version() == SiteState.load().version

    def test_it_returns_none_once_a_post_is_due(self, version_reader):
        make_entry(published=timezone.now() + timedelta(hours=1))
        assert version_reader.version() == SiteState.load().version

        SiteState.objects.update(next_due=timezone.now() - timedelta(seconds=1))

        assert version_reader.version() is None

    def test_a_lost_connection_is_replaced_at_once(self, version_reader, caplog):
        version_reader.version()
        version_reader.connection.connection.close()
        make_entry()

        assert version_reader.version() == SiteState.load().version
        assert logged(caplog) == []

    def test_an_old_connection_is_replaced(self, version_reader, monkeypatch):
        version_reader.version()
        first = version_reader.connection
        monkeypatch.setattr(version_reader, "expires", 0)

        version_reader.version()

        assert version_reader.connection is not first

    def test_an_unreachable_database_makes_the_version_unknown(self, version_reader, monkeypatch, caplog):
        def fail():
            raise version_reader.errors("no route to host")

        monkeypatch.setattr(site_version_reader, "connect", fail)

        assert version_reader.version() is UNKNOWN
        assert len(logged(caplog)) == 1

    def test_threads_that_arrive_during_a_query_share_the_next_one(self, version_reader, monkeypatch):
        """The running query may have read the version before a change that these threads must see."""
        started, go_on = Event(), Event()
        rows = iter([(1, None), (2, None), (3, None)])

        def query():
            started.set()
            go_on.wait(10)
            return next(rows)

        monkeypatch.setattr(version_reader, "query", query)
        monkeypatch.setattr(version_reader, "lock", queue := Queue())
        with ThreadPoolExecutor(8) as readers:
            first = readers.submit(version_reader.version)
            started.wait(10)
            others = [readers.submit(version_reader.version) for _ in range(7)]
            queue.is_full.wait(10)
            go_on.set()

            assert first.result(10) == 1
            assert {other.result(10) for other in others} == {2}

    def test_a_long_write_keeps_no_reader_waiting(self, version_reader, monkeypatch):
        reader = Reader(version_reader)
        first = reader.get("/")

        with transaction.atomic():
            SiteSettings.objects.update(title="Boats")
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("LOCK TABLE blog_sitestate IN ACCESS EXCLUSIVE MODE")
            assert reader.get("/").content == first.content

        monkeypatch.setattr(reader.response_cache.version_reader.breaker, "open_until", None)
        assert "Boats" in reader.get("/").content.decode()
