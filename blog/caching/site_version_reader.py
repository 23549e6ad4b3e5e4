"""Asks the database for the version of the site, over a connection that waits for a moment only."""

import threading
import time
from datetime import UTC, datetime

from django.conf import settings
from django.db import connections
from django.utils import timezone

from blog.database import raw_query

from .circuit_breaker import CircuitBreaker
from .site_version import SITE

MOMENT = 1  # second to wait for the database
#: Seconds that a connection is used. SQLite's file may have been replaced by another one.
LONGEST = settings.DATABASES["default"]["CONN_MAX_AGE"]

#: What is said of the version while the database is silent.
UNKNOWN = object()


class SiteVersionReader:
    """Knows the version that readers should see.

    Django's own connections would do, but for their price: the question is asked for every page that is
    given out, and takes longer than everything else about it. So one connection serves all threads, and
    those who come while it is busy share the answer to the next question.
    """

    def __init__(self):
        self.errors = connections["default"].Database.Error
        self.breaker = CircuitBreaker("The database", "readers get the pages that are kept.")
        self.lock = threading.Lock()
        self.questions = 0  # that were begun
        self.answer = None
        self.connection, self.until = None, 0

    def version(self):
        """None while a scheduled post's time has come, which makes another one; UNKNOWN without an answer."""
        begun_before = self.questions
        with self.lock:
            if self.questions == begun_before:
                self.questions += 1
                self.answer = self.look()
            return self.answer

    def look(self):
        if self.breaker.is_on():
            return UNKNOWN
        try:
            version, next_due = self.ask()
        except self.errors as error:
            self.breaker.begin(error)
            return UNKNOWN
        self.breaker.end()
        is_due = next_due is not None and next_due <= timezone.now()
        return None if is_due else version

    def ask(self):
        """The version, and when the next scheduled post is due, as the database says it. One query."""
        if self.connection and time.monotonic() < self.until:
            try:
                return read_version(self.connection.fetch())
            except self.errors:
                pass  # it may be the connection alone that is gone
        self.close()
        self.connection, self.until = connect(), time.monotonic() + LONGEST
        return read_version(self.connection.fetch())

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None


def read_version(row):
    """The version and when the next scheduled post is due, from a row of either database."""
    version, due = row or (None, None)
    if isinstance(due, str):
        due = datetime.fromtimestamp(float(due), UTC)
    return version and int(version), due and due.replace(tzinfo=UTC)


def connect():
    """A connection outside all transactions, which fails if it has to wait longer than a moment."""
    return raw_query.prepare(
        connections["default"],
        sqlite=f"SELECT version, next_due FROM {SITE}",
        postgresql=f"SELECT version, extract(epoch FROM next_due) FROM {SITE}",
        timeout=MOMENT,
    )
