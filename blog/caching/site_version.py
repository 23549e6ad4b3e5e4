"""The site version: a random number that database triggers replace with every change that readers see.

A trigger runs in the transaction that changes a table, whatever did so: a form, a command, a bulk update, or
somebody at the database's prompt. The same version means the same content, even after a backup was restored.
"""

from django.apps import apps
from django.db import connections

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

#: The version while no triggers are installed, and nothing may be cached.
NO_VERSION = 0
#: Key of the WSGI environment that holds the version a response was made for.
REQUEST_VERSION = "weblog.site_version"
#: Models of which readers see nothing. All others change the version.
UNSEEN = {
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

SITE = SiteState._meta.db_table
SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS version_{event}_{table} AFTER {when} ON {table} "
    f"BEGIN UPDATE {SITE} SET version = abs(random() / 2) + 1; END"
)
POSTGRESQL = (
    "CREATE OR REPLACE TRIGGER version_change BEFORE {when} ON {table} "
    "FOR EACH {scope} EXECUTE FUNCTION {function}()"
)
# Before the table is written: whoever else writes waits here already, and not later with other rows locked.
FUNCTIONS = f"""
    CREATE OR REPLACE FUNCTION weblog_new_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE {SITE} SET version = 1 + floor(random() * 9e15)::bigint;
        RETURN NULL;
    END $$;
    CREATE OR REPLACE FUNCTION weblog_new_state() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.version := 1 + floor(random() * 9e15)::bigint;
        RETURN NEW;
    END $$;
"""


def seen_models():
    """All models of which readers see something, but the state."""
    models = apps.get_models(include_auto_created=True)
    ours = {model for model in models if model._meta.app_label == "blog" or issubclass(model, Post)}
    return sorted(ours - UNSEEN - {SiteState}, key=lambda model: model._meta.db_table)


def remove_triggers(using, **kwargs):
    """Before migrations: SQLite changes a table by making another one, and would stumble over them.

    Should they fail, pages are not kept until others succeed.
    """
    if connections[using].vendor != "sqlite":
        return
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = [name for [name] in cursor.fetchall() if name.startswith("version_")]
        for name in names:
            cursor.execute(f"DROP TRIGGER {name}")
        if names:
            cursor.execute(f"UPDATE {SITE} SET version = {NO_VERSION}")


def install_triggers(using, **kwargs):
    """After migrations, for the tables and columns that there are: the models may be ahead of them.

    What the migrations changed themselves is a new edition, too.
    """
    connection = connections[using]
    present = set(connection.introspection.table_names())
    tables = [model._meta.db_table for model in seen_models() if model._meta.db_table in present]
    install = on_sqlite if connection.vendor == "sqlite" else on_postgresql
    with connection.cursor() as cursor:
        columns = columns_of_state(connection, cursor) if SITE in present else set()
        if "version" not in columns:
            return
        install(cursor, tables, ", ".join(sorted(columns - {"version"})))
    SiteState.objects.using(using).update(version=random_version())


def columns_of_state(connection, cursor):
    return {column.name for column in connection.introspection.get_table_description(cursor, SITE)}


def on_sqlite(cursor, tables, columns):
    for table in tables:
        for event in ("INSERT", "UPDATE", "DELETE"):
            cursor.execute(SQLITE.format(event=event.lower(), when=event, table=table))
    when = f"UPDATE OF {columns}"
    cursor.execute(SQLITE.format(event="update", when=when, table=SITE))


def on_postgresql(cursor, tables, columns):
    cursor.execute(FUNCTIONS)
    for table in tables:
        when, function = "INSERT OR UPDATE OR DELETE", "weblog_new_version"
        cursor.execute(POSTGRESQL.format(when=when, table=table, scope="STATEMENT", function=function))
    when = f"UPDATE OF {columns}"
    cursor.execute(POSTGRESQL.format(when=when, table=SITE, scope="ROW", function="weblog_new_state"))
