"""The log of changes, as a process reads it: also from a database that is slow, locked, down or restored."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Event, Lock

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.utils import timezone

from blog.caching import change_log as change_log_module
from blog.caching.cached_page import CachedPage
from blog.caching.change_log import UNKNOWN, ChangeLog
from blog.models import Change, SiteSettings, SiteState
from tests.factories import make_entry, set_site
from tests.helpers.reader import Reader, TransactionChangeLog


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
            raise reader.response_cache.change_log.errors("gone")

        monkeypatch.setattr(reader.response_cache.change_log, "query", query)
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
    monkeypatch.setattr(reader.response_cache.change_log.breaker, "cooldown", 0)
    reader.get("/")
    query = reader.response_cache.change_log.query
    take_down()
    reader.get("/")
    reader.get("/")
    monkeypatch.setattr(reader.response_cache.change_log, "query", query)
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
    def change_log(self):
        change_log = ChangeLog()
        yield change_log
        change_log.close()

    def test_it_reads_the_current_version(self, change_log):
        for _ in range(2):
            assert change_log.current_version() == SiteState.load().version
        make_entry()
        assert change_log.current_version() == SiteState.load().version

    def test_it_returns_none_once_a_post_is_due(self, change_log):
        make_entry(published=timezone.now() + timedelta(hours=1))
        assert change_log.current_version() == SiteState.load().version

        SiteState.objects.update(next_due=timezone.now() - timedelta(seconds=1))

        assert change_log.current_version() is None

    def test_a_lost_connection_is_replaced_at_once(self, change_log, caplog):
        change_log.current_version()
        change_log.connection.connection.close()
        make_entry()

        assert change_log.current_version() == SiteState.load().version
        assert logged(caplog) == []

    def test_an_old_connection_is_replaced(self, change_log, monkeypatch):
        change_log.current_version()
        first = change_log.connection
        monkeypatch.setattr(change_log, "expires", 0)

        change_log.current_version()

        assert change_log.connection is not first

    def test_an_unreachable_database_makes_the_version_unknown(self, change_log, monkeypatch, caplog):
        def fail():
            raise change_log.errors("no route to host")

        monkeypatch.setattr(change_log_module, "connect", fail)

        assert change_log.current_version() is UNKNOWN
        assert len(logged(caplog)) == 1

    def test_threads_that_arrive_during_a_query_share_the_next_one(self, change_log, monkeypatch):
        """The running query may have read the version before a change that these threads must see."""
        started, go_on = Event(), Event()
        rows = iter([(1, None), (2, None), (3, None)])

        def query():
            started.set()
            go_on.wait(10)
            return next(rows)

        monkeypatch.setattr(change_log, "query", query)
        monkeypatch.setattr(change_log, "catch_up", lambda: None)
        monkeypatch.setattr(change_log, "lock", queue := Queue())
        with ThreadPoolExecutor(8) as readers:
            first = readers.submit(change_log.current_version)
            started.wait(10)
            others = [readers.submit(change_log.current_version) for _ in range(7)]
            queue.is_full.wait(10)
            go_on.set()

            assert first.result(10) == 1
            assert {other.result(10) for other in others} == {2}

    def test_a_long_write_keeps_no_reader_waiting(self, change_log, monkeypatch):
        reader = Reader(change_log)
        first = reader.get("/")

        with transaction.atomic():
            SiteSettings.objects.update(title="Boats")
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("LOCK TABLE blog_sitestate IN ACCESS EXCLUSIVE MODE")
            assert reader.get("/").content == first.content

        monkeypatch.setattr(reader.response_cache.change_log.breaker, "open_until", None)
        assert "Boats" in reader.get("/").content.decode()


def page(*keys, version):
    return CachedPage.from_response(HttpResponse("Text."), version, keys)


class TestLog:
    @pytest.fixture
    def log(self, site):
        log = TransactionChangeLog()
        log.current_version()
        return log

    def test_a_page_is_valid_until_one_of_its_keys_is_noted(self, log):
        post, other = make_entry(), make_entry()
        version = log.current_version()
        of_post, of_other = (
            page(f"post-{post.pk}", version=version),
            page(f"post-{other.pk}", version=version),
        )

        post.body = "Other words."
        post.save()

        version = log.current_version()
        assert not log.is_valid(of_post, version)
        assert log.is_valid(of_other, version)
        assert log.is_valid(of_other.at_version(version), version)

    def test_everything_and_anything_are_noted_under_their_own_keys(self, log):
        of_all, of_any = (
            page("all", version=log.current_version()),
            page("any", version=log.current_version()),
        )

        make_entry()
        version = log.current_version()
        assert log.is_valid(of_all, version)
        assert not log.is_valid(of_any, version)

        set_site(title="Boats")
        assert not log.is_valid(of_all, log.current_version())

    def test_a_page_that_is_older_than_the_log_is_not_valid(self, log):
        old = page("post-1", version=log.current_version())
        make_entry()
        Change.objects.filter(version=old.version).delete()

        fresh = TransactionChangeLog()

        assert not fresh.is_valid(old, fresh.current_version())

    def test_a_process_that_slept_while_the_log_was_cut_forgets_everything(self, log):
        old = page("post-1", version=log.current_version())
        make_entry()
        newest = Change.newest()
        make_entry()
        Change.objects.filter(pk__lte=newest).delete()

        assert not log.is_valid(old, log.current_version())

    def test_after_a_backup_is_restored_nothing_of_the_other_history_is_valid(self, log):
        post = make_entry()
        backup = list(Change.objects.values())
        version = SiteState.load().version
        log.current_version()
        post.body = "Lost words."
        post.save()
        lost = page("post-1", version=log.current_version())

        Change.objects.all().delete()
        Change.objects.bulk_create(Change(**row) for row in backup)
        SiteState.objects.update(version=version)
        kept = page("post-1", version=version)

        assert not log.is_valid(lost, log.current_version())
        assert log.is_valid(kept, log.current_version())
        for number in range(3):
            post.body = f"Words {number}."
            post.save()
        assert not log.is_valid(lost, log.current_version())

    def test_what_is_known_of_old_changes_is_bounded(self, log, monkeypatch):
        monkeypatch.setattr(change_log_module, "MAX_LOG", 20)
        for _ in range(20):
            make_entry()
            log.current_version()

        assert sum(map(len, log.known)) < 200
