"""Read the site version over a database connection with a short timeout."""

import threading
import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils import timezone

from blog.database import raw_query

from .circuit_breaker import CircuitBreaker
from .site_version import STATE_TABLE

TIMEOUT = 1  # second to wait for the database
#: Seconds until the connection is replaced. SQLite's file may have been replaced meanwhile.
MAX_CONNECTION_AGE = settings.DATABASES["default"]["CONN_MAX_AGE"]

#: The version while the database is down.
UNKNOWN = object()


class SiteVersionReader:
    """Reads the current site version for every request to a public page.

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

    def version(self) -> Any:
        """Return the version, None while a scheduled post is due, or `UNKNOWN` while the database is down.

        Publishing the due post will change the version, so no cached page is valid until then.
        """
        started_before = self.queries_started
        with self.lock:
            if self.queries_started == started_before:
                self.queries_started += 1
                self.latest = self.read()
            return self.latest

    def read(self) -> Any:
        if self.breaker.is_open():
            return UNKNOWN
        try:
            version, next_due = self.query()
        except self.errors as error:
            self.breaker.record_failure(error)
            return UNKNOWN
        self.breaker.record_success()
        is_due = next_due is not None and next_due <= timezone.now()
        return None if is_due else version

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
        sqlite=f"SELECT version, next_due FROM {STATE_TABLE}",
        postgresql=f"SELECT version, extract(epoch FROM next_due) FROM {STATE_TABLE}",
        timeout=TIMEOUT,
    )
