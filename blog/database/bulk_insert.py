"""Insert many rows in the fastest way that each database has, around the ORM."""

import gc
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from itertools import chain

from django.db import DatabaseError, connection, models

#: What SQLite is given while much is written: KB of memory, and pages of 4 KB before they go to the file.
ROOM = {"cache_size": -256 * 1024, "wal_autocheckpoint": 50_000}


#: Fields whose values go to either database as Python has them.
AS_THEY_ARE = models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey


@contextmanager
def large_sqlite_cache():
    """While much is written, SQLite keeps more of its file in memory: what every row changes is written once.

    Else it goes to the file anew with every few thousand rows. Nothing of it is less safe.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        usual = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ROOM}
    set_up(ROOM)
    try:
        yield
    finally:
        with suppress(DatabaseError):  # of a connection that broke meanwhile, nothing is left to put back
            set_up(usual)


@contextmanager
def without_gc():
    """While only such objects are made as do not refer to each other in circles: nobody looks for circles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def set_up(pragmas):
    with connection.cursor() as cursor:
        for name, value in pragmas.items():
            cursor.execute(f"PRAGMA {name} = {value}")


def allocate_ids(model, number):
    """So many keys that no other row gets: on SQLite none other can come before the transaction ends."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            keys = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(keys, [table, number])
            return [key for [key] in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        [last] = cursor.fetchone() or [0]
        return range(last + 1, last + 1 + number)


def insert(model, rows):
    """Insert rows of a model's own table, {column's attribute: value}, the fastest way that the database has.

    Every column is given, but for a key that the database counts itself. Nothing is asked for afterwards.
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
    """What makes of a value of the field what the database is given; None if that is the value itself."""
    if isinstance(field, AS_THEY_ARE):
        return None
    if type(field) is models.DateTimeField:
        return adapted_moment
    return partial(field.get_db_prep_save, connection=connection)


@lru_cache(maxsize=10_000)
def adapted_moment(value):
    """Of a time in UTC. What belongs to a post repeats when it was published."""
    return models.DateTimeField().get_db_prep_save(value, connection)
