"""Transactions with behaviour that Django has no setting for."""

from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def without_waiting():
    """Run a transaction that raises OperationalError instead of waiting for a lock."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            [previous] = cursor.execute("PRAGMA busy_timeout").fetchone()
            cursor.execute("PRAGMA busy_timeout = 0")
            try:
                with transaction.atomic():
                    yield
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {previous}")
        else:
            with transaction.atomic():
                cursor.execute("SET LOCAL lock_timeout = 1")  # milliseconds; 0 would disable the timeout
                yield
