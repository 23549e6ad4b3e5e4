"""Readers go on reading while the database is slow, locked or gone; and what has changed is seen at once."""

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
def gone(monkeypatch, reader):
    """Takes the database away, and gives the list of the questions that it does not answer."""

    def take_away():
        asked = []

        def ask():
            asked.append(1)
            raise reader.pages.database.errors("gone")

        monkeypatch.setattr(reader.pages.database, "ask", ask)
        return asked

    return take_away


def said(caplog):
    return [(record.levelno, record.message) for record in caplog.records if "circuit_breaker" in record.name]


def test_readers_go_on_reading_while_it_is_gone(reader, site, gone, caplog):
    first = reader.get("/")
    asked = gone()

    answers = [reader.get("/") for _ in range(5)]

    assert [answer.content for answer in answers] == [first.content] * 5
    assert len(asked) == 1, "not for each reader"
    [(level, message)] = said(caplog)
    assert (level, "gone" in message) == (logging.ERROR, True)


def test_it_is_asked_again_and_what_has_changed_is_seen(reader, site, gone, caplog, monkeypatch):
    monkeypatch.setattr(reader.pages.database.breaker, "seconds", 0)
    reader.get("/")
    ask = reader.pages.database.ask
    gone()
    reader.get("/")
    reader.get("/")
    monkeypatch.setattr(reader.pages.database, "ask", ask)
    make_entry(title="Boats")

    assert "Boats" in reader.get("/").content.decode()
    assert [message.split(":")[0] for _, message in said(caplog)] == [
        "The database does not answer",
        "The database answers again.",
    ]


class Queue:
    """A lock that tells when eight have come for it."""

    def __init__(self):
        self.lock, self.number, self.is_full = Lock(), count(1), Event()

    def __enter__(self):
        if next(self.number) == 8:
            self.is_full.set()
        self.lock.acquire()

    def __exit__(self, *error):
        self.lock.release()


@pytest.mark.django_db(transaction=True)
class TestTheRealOne:
    @pytest.fixture(autouse=True)
    def _site(self):
        set_site(title="Harbour")

    @pytest.fixture
    def asked(self):
        database = SiteVersionReader()
        yield database
        database.close()

    def test_it_tells_the_edition_of_the_site(self, asked):
        for _ in range(2):
            assert asked.version() == SiteState.load().version
        make_entry()
        assert asked.version() == SiteState.load().version

    def test_it_tells_none_once_a_post_is_due(self, asked):
        make_entry(published=timezone.now() + timedelta(hours=1))
        assert asked.version() == SiteState.load().version

        SiteState.objects.update(next_due=timezone.now() - timedelta(seconds=1))

        assert asked.version() is None

    def test_a_connection_that_was_lost_is_made_again_at_once(self, asked, caplog):
        asked.version()
        asked.connection.connection.close()
        make_entry()

        assert asked.version() == SiteState.load().version
        assert said(caplog) == []

    def test_a_connection_is_not_used_for_ever(self, asked, monkeypatch):
        asked.version()
        first = asked.connection
        monkeypatch.setattr(asked, "until", 0)

        asked.version()

        assert asked.connection is not first

    def test_a_database_that_cannot_be_reached_is_silent(self, asked, monkeypatch, caplog):
        def nobody():
            raise asked.errors("no route to host")

        monkeypatch.setattr(site_version_reader, "connect", nobody)

        assert asked.version() is UNKNOWN
        assert len(said(caplog)) == 1

    def test_who_comes_while_it_is_asked_gets_an_answer_to_a_later_question(self, asked, monkeypatch):
        """The first question may have been answered before the last change that its reader has seen."""
        begun, go_on = Event(), Event()
        answers = iter([(1, None), (2, None), (3, None)])

        def ask():
            begun.set()
            go_on.wait(10)
            return next(answers)

        monkeypatch.setattr(asked, "ask", ask)
        monkeypatch.setattr(asked, "lock", queue := Queue())
        with ThreadPoolExecutor(8) as readers:
            first = readers.submit(asked.version)
            begun.wait(10)
            others = [readers.submit(asked.version) for _ in range(7)]
            queue.is_full.wait(10)
            go_on.set()

            assert first.result(10) == 1
            assert {other.result(10) for other in others} == {2}

    def test_somebody_who_writes_for_long_keeps_no_reader_waiting(self, asked, monkeypatch):
        reader = Reader(asked)
        first = reader.get("/")

        with transaction.atomic():
            SiteSettings.objects.update(title="Boats")
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("LOCK TABLE blog_sitestate IN ACCESS EXCLUSIVE MODE")
            assert reader.get("/").content == first.content

        monkeypatch.setattr(reader.pages.database.breaker, "until", None)
        assert "Boats" in reader.get("/").content.decode()
