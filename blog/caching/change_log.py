"""Read the site version and the log of changes over a database connection with a short timeout."""

import threading
import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils import timezone

from blog.database import raw_query

from .cached_page import CachedPage
from .circuit_breaker import CircuitBreaker
from .triggers import LOG, MAX_LOG, STATE

TIMEOUT = 1  # second to wait for the database
#: Seconds until the connection is replaced. SQLite's file may have been replaced meanwhile.
MAX_CONNECTION_AGE = settings.DATABASES["default"]["CONN_MAX_AGE"]

#: The version while the database is down.
UNKNOWN = object()

Row = tuple[int, int, str]


class ChangeLog:
    """The changes of the site, as far as this process knows them; brought up to date for every request.

    Django's own connections would cost more than everything else about a cached page. So one connection
    serves all threads, and threads that arrive during a query share the result of the next one. They can't
    share the running one: it may have read the version before the change that they must see.
    """

    def __init__(self) -> None:
        self.errors: type[Exception] = connections["default"].Database.Error  # type: ignore[attr-defined]
        self.breaker = CircuitBreaker("The database", "readers get cached pages, which may be outdated")
        self.lock = threading.Lock()
        self.queries_started = 0
        self.latest: Any = None
        self.connection: Any = None
        self.expires = 0.0
        #: The site version up to which the log has been read.
        self.version: int | None = None
        self.forget()

    def forget(self) -> None:
        #: Id and version of the last row that was read.
        self.last = (0, 0)
        #: The id of the last row of each version, and of the last row with each key. Replaced together, since
        #: other threads read them meanwhile.
        self.known: tuple[dict[int, int], dict[str, int]] = ({}, {})

    def current_version(self) -> Any:
        """Return the site version after reading what has changed since the last time.

        Returns None while a scheduled post is due, since publishing it will change pages, and `UNKNOWN` while
        the database is down. Runs one query, and another after a change.
        """
        started_before = self.queries_started
        with self.lock:
            if self.queries_started == started_before:
                self.queries_started += 1
                self.latest = self.read()
            return self.latest

    def is_valid(self, page: CachedPage, version: int) -> bool:
        """Tell whether no change up to this version affects the page.

        The version is what `current_version()` returned. A page of an unknown version is not valid: it is
        older than the log, or from a database that a backup has replaced.
        """
        if page.version == version:
            return True
        positions, noted = self.known
        position = positions.get(page.version)
        return position is not None and all(noted.get(key, 0) <= position for key in page.keys)

    def read(self) -> Any:
        if self.breaker.is_open():
            return UNKNOWN
        try:
            version, next_due = self.query()
            if version and version != self.version:
                self.catch_up()
                self.version = version
        except self.errors as error:
            self.breaker.record_failure(error)
            return UNKNOWN
        self.breaker.record_success()
        is_due = next_due is not None and next_due <= timezone.now()
        return None if is_due or not version else version

    def catch_up(self) -> None:
        """Read the rows that were added to the log since the last time, at first all of them.

        If it isn't the log that was read before, or was cut since then, all earlier pages are forgotten.
        """
        rows = self.changes(self.last[0])
        if self.last[0] and [row[:2] for row in rows[:1]] != [self.last]:
            self.forget()
            rows = (rows or self.changes(0))[-1:]
        positions, noted = self.known
        for number, version, key in rows:
            positions[version] = number
            noted[key] = number
            self.last = (number, version)
        if len(positions) + len(noted) > 3 * MAX_LOG:
            oldest = self.last[0] - MAX_LOG
            self.known = (
                {version: last for version, last in positions.items() if last >= oldest},
                {key: last for key, last in noted.items() if last >= oldest},
            )

    def query(self) -> tuple[int | None, datetime | None]:
        """Return the version and the time when the next scheduled post is due. Runs one query."""
        if self.connection and time.monotonic() < self.expires:
            try:
                return parse_row(self.connection.fetch())
            except self.errors:
                pass  # perhaps only the connection was lost
        self.close()
        self.connection, self.expires = connect(), time.monotonic() + MAX_CONNECTION_AGE
        return parse_row(self.connection.fetch())

    def changes(self, first: int) -> list[Row]:
        """Return id, version and key of the rows of the log from an id on. Runs one query."""
        sql = f"SELECT id, version, key FROM {LOG} WHERE id >= ? ORDER BY id"
        rows: list[Row] = self.connection.select(sql, first)
        return rows

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None


def parse_row(row: tuple[Any, Any] | None) -> tuple[int | None, datetime | None]:
    """Convert a row of either database to the version and the time of the next scheduled post."""
    version, due = row or (None, None)
    if isinstance(due, str):
        due = datetime.fromtimestamp(float(due), UTC)
    return version and int(version), due and due.replace(tzinfo=UTC)


def connect() -> Any:
    """Open a connection outside transactions, which fails instead of waiting longer than `TIMEOUT`."""
    return raw_query.prepare(
        connections["default"],
        sqlite=f"SELECT version, next_due FROM {STATE}",
        postgresql=f"SELECT version, extract(epoch FROM next_due) FROM {STATE}",
        timeout=TIMEOUT,
    )
