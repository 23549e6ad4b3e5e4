"""Reads: the surrogate keys of what a response was made from, gathered while it is being made.

Code that queries the database says in `followed_by()` which keys stand for the result: whatever changes it
is noted under one of them (see `blog.caching.change_rules`). To leave that out is no mistake: the response is
then valid until the next change of anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self

from django.db import connections, models

#: The tables that a query reads.
TABLE = re.compile(r'\b(?:FROM|JOIN)\s+"?(\w+)', re.IGNORECASE)


class Reads:
    """The keys and queries of one response, while it is being made."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        #: Queries that no keys stand for.
        self.unfollowed: list[str] = []
        self.depth = 0  # of nested followed_by()

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """Look at a query before it is executed (see `connection.execute_wrapper()`)."""
        if not self.depth and TABLE.search(sql):
            self.unfollowed.append(sql)
        return execute(sql, params, many, context)

    def unfollowed_tables(self) -> set[str]:
        """Return the names of tables in queries that no keys stand for."""
        return {table for sql in self.unfollowed for table in TABLE.findall(sql)}


_current: ContextVar[Reads | None] = ContextVar("reads", default=None)


@contextmanager
def collect() -> Iterator[Reads]:
    """Gather what is read from the default database."""
    reads = Reads()
    token = _current.set(reads)
    try:
        with connections["default"].execute_wrapper(reads):
            yield reads
    finally:
        _current.reset(token)


def depends_on(*keys: str) -> None:
    """Note that the response depends on what these keys stand for."""
    if reads := _current.get():
        reads.keys.update(keys)


@contextmanager
def followed_by(*keys: str) -> Iterator[None]:
    """Say which keys stand for the queries inside. Posts that they load have keys of their own."""
    reads = _current.get()
    if reads is None:
        yield
        return
    reads.keys.update(keys)
    reads.depth += 1
    try:
        yield
    finally:
        reads.depth -= 1


class FollowedQuerySet(models.QuerySet[Any]):
    """A queryset that says which keys stand for its results."""

    _keys: tuple[str, ...] | None = None

    def followed_by(self, *keys: str) -> Self:
        """Return a copy whose results these keys stand for, instead of those it had."""
        found = self._chain()
        found._keys = keys
        return found

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._keys = self._keys
        return clone

    @contextmanager
    def _following(self) -> Iterator[None]:
        if self._keys is None:
            yield
        else:
            with followed_by(*self._keys):
                yield

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            with self._following():
                super()._fetch_all()  # type: ignore[misc]
        else:
            super()._fetch_all()  # type: ignore[misc]

    def count(self) -> int:
        with self._following():
            return super().count()

    def exists(self) -> bool:
        with self._following():
            return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        with self._following():
            return super().aggregate(*args, **kwargs)
