"""Asks the database for the edition of the site, over a connection that waits for a moment only."""

import threading
import time
from datetime import UTC, datetime

from django.conf import settings
from django.db import connections
from django.utils import timezone

from blog.editions import SITE

from .silence import Silence

QUERY = f"SELECT edition, next_due FROM {SITE}"
MOMENT = 1  # second to wait for the database
#: Seconds that a connection is used. SQLite's file may have been replaced by another one.
LONGEST = settings.DATABASES["default"]["CONN_MAX_AGE"]

#: What is said of the edition while the database is silent.
UNKNOWN = object()


class Database:
    """Knows the edition that readers should see.

    Django's own connections would do, but for their price: the question is asked for every page that is
    given out, and takes longer than everything else about it. So one connection serves all threads, and
    those who come while it is busy share the answer to the next question.
    """

    def __init__(self):
        self.errors = connections["default"].Database.Error
        self.silence = Silence("The database", "readers get the pages that are kept.")
        self.lock = threading.Lock()
        self.questions = 0  # that were begun
        self.answer = None
        self.cursor, self.until = None, 0

    def edition(self):
        """None while a scheduled post's time has come, which makes another one; UNKNOWN without an answer."""
        begun_before = self.questions
        with self.lock:
            if self.questions == begun_before:
                self.questions += 1
                self.answer = self.look()
            return self.answer

    def look(self):
        if self.silence.is_on():
            return UNKNOWN
        try:
            edition, next_due = self.ask()
        except self.errors as error:
            self.silence.begin(error)
            return UNKNOWN
        self.silence.end()
        is_due = next_due is not None and moment_of(next_due) <= timezone.now()
        return None if is_due else edition

    def ask(self):
        """The edition, and when the next scheduled post is due, as the database says it. One query."""
        if self.cursor and time.monotonic() < self.until:
            try:
                return first_row(self.cursor)
            except self.errors:
                pass  # it may be the connection alone that is gone
        self.close()
        self.cursor, self.until = connect().cursor(), time.monotonic() + LONGEST
        return first_row(self.cursor)

    def close(self):
        if self.cursor:
            self.cursor.connection.close()
        self.cursor = None


def first_row(cursor):
    cursor.execute(QUERY)
    return cursor.fetchone() or (None, None)


def connect():
    """A connection outside all transactions, which fails if it has to wait longer than a moment."""
    connection = connections["default"]
    parameters = connection.get_connection_params()
    if connection.vendor == "sqlite":
        return connection.Database.connect(**parameters | {"timeout": MOMENT, "isolation_level": None})
    options = f"{parameters.get('options', '')} -c statement_timeout={1000 * MOMENT}".strip()
    parameters |= {
        "options": options,
        "connect_timeout": MOMENT + 1,  # libpq takes 1 for 2
        "tcp_user_timeout": 1000 * MOMENT,
        "autocommit": True,
        "cursor_factory": connection.Database.Cursor,
        "prepare_threshold": 0,
    }
    return connection.Database.connect(**parameters)


def moment_of(value):
    """Of a column with a time. SQLite's has no time zone: it is UTC."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
