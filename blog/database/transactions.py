"""Transactions that behave in ways Django has no setting for."""

from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def without_waiting():
    """A transaction that fails instead of waiting for another one."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            [usual] = cursor.execute("PRAGMA busy_timeout").fetchone()
            cursor.execute("PRAGMA busy_timeout = 0")
            try:
                with transaction.atomic():
                    yield
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {usual}")
        else:
            with transaction.atomic():
                cursor.execute("SET LOCAL lock_timeout = 1")  # in milliseconds; 0 would be for ever
                yield
