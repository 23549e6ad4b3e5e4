"""The site version: a random number that database triggers replace with every change that readers see.

A trigger runs in the transaction that changes a table, whether a form, a command, a bulk update or a database
prompt caused it. The same version means the same content, even after a backup was restored.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from blog.models import (
    HubPing,
    ImportedRow,
    PendingChange,
    Post,
    PreviewLink,
    Purge,
    Revision,
    SiteState,
    SubscriberCount,
    TagMerge,
    WorkingCopy,
)
from blog.models.site_state import random_version

#: The version while no triggers are installed. Nothing may be cached then.
NO_VERSION = 0
#: The key in the WSGI environment for the version that a response was rendered from.
REQUEST_VERSION = "weblog.site_version"
#: Models that no public page shows. Rows of all others change the version.
INVISIBLE_MODELS: set[type[Model]] = {
    PendingChange,
    ImportedRow,
    HubPing,
    PreviewLink,
    Purge,
    Revision,
    SubscriberCount,
    TagMerge,
    WorkingCopy,
}

STATE_TABLE = SiteState._meta.db_table
SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS version_{event}_{table} AFTER {when} ON {table} "
    f"BEGIN UPDATE {STATE_TABLE} SET version = abs(random() / 2) + 1; END"
)
POSTGRESQL = (
    "CREATE OR REPLACE TRIGGER version_change BEFORE {when} ON {table} "
    "FOR EACH {scope} EXECUTE FUNCTION {function}()"
)
# BEFORE triggers: concurrent writers wait here, before they lock rows of the table, so they can't deadlock.
FUNCTIONS = f"""
    CREATE OR REPLACE FUNCTION weblog_new_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE {STATE_TABLE} SET version = 1 + floor(random() * 9e15)::bigint;
        RETURN NULL;
    END $$;
    CREATE OR REPLACE FUNCTION weblog_new_state() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.version := 1 + floor(random() * 9e15)::bigint;
        RETURN NEW;
    END $$;
"""


def visible_models() -> list[type[Model]]:
    """Return all models that public pages show, except `SiteState`."""
    models = apps.get_models(include_auto_created=True)
    ours = {model for model in models if model._meta.app_label == "blog" or issubclass(model, Post)}
    return sorted(ours - INVISIBLE_MODELS - {SiteState}, key=lambda model: model._meta.db_table)


def remove_triggers(using: str, **kwargs: Any) -> None:
    """Drop the triggers before migrations on SQLite, which alters a table by recreating it.

    If the migrations fail, no page is cached until later ones succeed.
    """
    if connections[using].vendor != "sqlite":
        return
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = [name for [name] in cursor.fetchall() if name.startswith("version_")]
        for name in names:
            cursor.execute(f"DROP TRIGGER {name}")
        if names:
            cursor.execute(f"UPDATE {STATE_TABLE} SET version = {NO_VERSION}")


def install_triggers(using: str, **kwargs: Any) -> None:
    """Create the triggers after migrations, and set a new version, since the migrations went unnoticed.

    Covers only the tables and columns that exist. The models may be ahead of an unfinished migration.
    """
    connection = connections[using]
    present = set(connection.introspection.table_names())
    tables = [model._meta.db_table for model in visible_models() if model._meta.db_table in present]
    create = create_on_sqlite if connection.vendor == "sqlite" else create_on_postgresql
    with connection.cursor() as cursor:
        columns = state_columns(connection, cursor) if STATE_TABLE in present else set()
        if "version" not in columns:
            return
        create(cursor, tables, ", ".join(sorted(columns - {"version"})))
    SiteState.objects.using(using).update(version=random_version())


def state_columns(connection: BaseDatabaseWrapper, cursor: Any) -> set[str]:
    return {column.name for column in connection.introspection.get_table_description(cursor, STATE_TABLE)}


def create_on_sqlite(cursor: Any, tables: Iterable[str], columns: str) -> None:
    for table in tables:
        for event in ("INSERT", "UPDATE", "DELETE"):
            cursor.execute(SQLITE.format(event=event.lower(), when=event, table=table))
    when = f"UPDATE OF {columns}"
    cursor.execute(SQLITE.format(event="update", when=when, table=STATE_TABLE))


def create_on_postgresql(cursor: Any, tables: Iterable[str], columns: str) -> None:
    cursor.execute(FUNCTIONS)
    for table in tables:
        when, function = "INSERT OR UPDATE OR DELETE", "weblog_new_version"
        cursor.execute(POSTGRESQL.format(when=when, table=table, scope="STATEMENT", function=function))
    when = f"UPDATE OF {columns}"
    cursor.execute(POSTGRESQL.format(when=when, table=STATE_TABLE, scope="ROW", function="weblog_new_state"))
