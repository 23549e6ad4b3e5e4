"""Which edition of the site readers should see: a new one with every change of what pages show.

The edition is a random number in the site settings. Triggers in the database give it a new value in the
transaction that changes a table, whatever did so: a form, a command, a bulk update, somebody at the
database's own prompt. Moments with the same edition have the same content, even after a backup was restored.
"""

from django.apps import apps
from django.db import connections

from blog.models import (
    ImportedRow,
    News,
    Post,
    PreviewLink,
    Revision,
    SiteSettings,
    SubscriberCount,
    TagMerge,
    WorkingCopy,
)

#: No reader sees anything of these. Whatever else there is, counts.
UNSEEN = {ImportedRow, News, PreviewLink, Revision, SubscriberCount, TagMerge, WorkingCopy}

SITE = SiteSettings._meta.db_table
SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS edition_{event}_{table} AFTER {when} ON {table} "
    f"BEGIN UPDATE {SITE} SET edition = random(); END"
)
POSTGRESQL = (
    "CREATE OR REPLACE TRIGGER edition_change BEFORE {when} ON {table} "
    "FOR EACH {scope} EXECUTE FUNCTION {function}()"
)
# Before the table is written: whoever else writes waits here already, and not later with other rows locked.
FUNCTIONS = f"""
    CREATE OR REPLACE FUNCTION weblog_new_edition() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE {SITE} SET edition = floor(random() * 9e15)::bigint;
        RETURN NULL;
    END $$;
    CREATE OR REPLACE FUNCTION weblog_new_settings() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.edition := floor(random() * 9e15)::bigint;
        RETURN NEW;
    END $$;
"""


def seen_models():
    """All models of which readers see something, but the settings."""
    models = apps.get_models(include_auto_created=True)
    ours = {model for model in models if model._meta.app_label == "blog" or issubclass(model, Post)}
    return sorted(ours - UNSEEN - {SiteSettings}, key=lambda model: model._meta.db_table)


def install_triggers(using, **kwargs):
    """After each migration: SQLite drops a table's triggers when a column changes."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    tables = [model._meta.db_table for model in seen_models()]
    if SITE not in present:
        return
    install = on_sqlite if connection.vendor == "sqlite" else on_postgresql
    with connection.cursor() as cursor:
        install(cursor, [table for table in tables if table in present])


def columns_of_settings():
    return ", ".join(field.column for field in SiteSettings._meta.concrete_fields if field.name != "edition")


def on_sqlite(cursor, tables):
    for table in tables:
        for event in ("INSERT", "UPDATE", "DELETE"):
            cursor.execute(SQLITE.format(event=event.lower(), when=event, table=table))
    cursor.execute(f"DROP TRIGGER IF EXISTS edition_update_{SITE}")
    when = f"UPDATE OF {columns_of_settings()}"
    cursor.execute(SQLITE.format(event="update", when=when, table=SITE))


def on_postgresql(cursor, tables):
    cursor.execute(FUNCTIONS)
    for table in tables:
        when, function = "INSERT OR UPDATE OR DELETE", "weblog_new_edition"
        cursor.execute(POSTGRESQL.format(when=when, table=table, scope="STATEMENT", function=function))
    when = f"UPDATE OF {columns_of_settings()}"
    cursor.execute(POSTGRESQL.format(when=when, table=SITE, scope="ROW", function="weblog_new_settings"))
