"""Bulk inserts that bypass the ORM, in the fastest way of each database."""

import gc
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from itertools import chain

from django.db import DatabaseError, connection, models

#: SQLite's cache (negative: in KB), and the pages of 4 KB in its write-ahead log before a checkpoint.
LARGE_CACHE = {"cache_size": -256 * 1024, "wal_autocheckpoint": 50_000}

#: Fields whose values both databases take without conversion.
PASS_THROUGH_FIELDS = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.BooleanField,
    models.ForeignKey,
)


@contextmanager
def large_sqlite_cache():
    """Let SQLite keep more of its file in memory during bulk writes.

    Otherwise it writes pages that many rows change, such as those of indexes, again and again. Durability
    stays the same.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        previous = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in LARGE_CACHE}
    set_pragmas(LARGE_CACHE)
    try:
        yield
    finally:
        with suppress(DatabaseError):  # if the connection has broken, there is nothing to restore
            set_pragmas(previous)


@contextmanager
def without_gc():
    """Disable garbage collection while code creates many objects without reference cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def set_pragmas(pragmas):
    with connection.cursor() as cursor:
        for name, value in pragmas.items():
            cursor.execute(f"PRAGMA {name} = {value}")


def allocate_ids(model, count):
    """Return that many ids that no other row gets. On SQLite this relies on the lock of the transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            query = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(query, [table, count])
            return [pk for [pk] in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        [last] = cursor.fetchone() or [0]
        return range(last + 1, last + 1 + count)


def insert_rows(model, rows):
    """Insert rows, as {attribute: value}, into a model's own table.

    Each row needs a value for every column, except an id that the database generates.
    """
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    quote = connection.ops.quote_name
    fields = [field for field in model._meta.local_concrete_fields if field.attname in first]
    columns = ", ".join(quote(field.column) for field in fields)
    adapters = [(field.attname, adapter(field)) for field in fields]
    values = (
        [adapt(row[name]) if adapt else row[name] for name, adapt in adapters] for row in chain([first], rows)
    )
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copying = cursor.copy(f"COPY {table} ({columns}) FROM STDIN")
            with connection.wrap_database_errors, copying as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


def adapter(field):
    """Return a function that converts a field's values for the database, or None if none is needed."""
    if isinstance(field, PASS_THROUGH_FIELDS):
        return None
    if type(field) is models.DateTimeField:
        return adapt_datetime
    return partial(field.get_db_prep_save, connection=connection)


@lru_cache(maxsize=10_000)
def adapt_datetime(value):
    """Convert a time in UTC. Cached, since all rows of a post have the same time."""
    return models.DateTimeField().get_db_prep_save(value, connection)
