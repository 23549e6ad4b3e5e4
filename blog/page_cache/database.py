"""Asks the database for the edition of the site, over a connection that waits for a moment only."""

import threading
import time
from datetime import UTC, datetime

from django.conf import settings
from django.db import connections
from django.utils import timezone

from blog.editions import SITE

from .silence import Silence

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
        self.connection, self.until = None, 0

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
        is_due = next_due is not None and next_due <= timezone.now()
        return None if is_due else edition

    def ask(self):
        """The edition, and when the next scheduled post is due, as the database says it. One query."""
        if self.connection and time.monotonic() < self.until:
            try:
                return self.connection.ask()
            except self.errors:
                pass  # it may be the connection alone that is gone
        self.close()
        self.connection, self.until = connect(), time.monotonic() + LONGEST
        return self.connection.ask()

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None


def connect():
    """A connection outside all transactions, which fails if it has to wait longer than a moment."""
    connection = connections["default"]
    kind = OnSQLite if connection.vendor == "sqlite" else OnPostgreSQL
    return kind(connection.Database, connection.get_connection_params())


class OnSQLite:
    def __init__(self, database, parameters):
        self.connection = database.connect(**parameters | {"timeout": MOMENT, "isolation_level": None})

    def ask(self):
        row = self.connection.execute(f"SELECT edition, next_due FROM {SITE}").fetchone()
        edition, due = row or (None, None)
        return edition, due and due.replace(tzinfo=UTC)

    def close(self):
        self.connection.close()


class OnPostgreSQL:
    """Speaks to libpq itself, which takes half the time of a cursor."""

    NAME = b"edition"
    QUERY = f"SELECT edition, extract(epoch FROM next_due) FROM {SITE}"

    def __init__(self, database, parameters):
        options = f"{parameters.get('options', '')} -c statement_timeout={1000 * MOMENT}".strip()
        parameters |= {
            "options": options,
            "connect_timeout": MOMENT + 1,  # libpq takes 1 for 2
            "tcp_user_timeout": 1000 * MOMENT,
            "autocommit": True,
            "cursor_factory": database.Cursor,
        }
        self.error = database.OperationalError
        self.connection = database.connect(**parameters)
        self.libpq = self.connection.pgconn
        try:
            self.check(self.libpq.prepare(self.NAME, self.QUERY.encode()))
        except self.error:
            self.close()
            raise

    def ask(self):
        result = self.check(self.libpq.exec_prepared(self.NAME, []))
        if not result.ntuples:
            return None, None
        edition, due = result.get_value(0, 0), result.get_value(0, 1)
        return int(edition), due and datetime.fromtimestamp(float(due), UTC)

    def check(self, result):
        if message := result.error_message:
            raise self.error(message.decode(errors="replace"))
        return result

    def close(self):
        self.connection.close()
