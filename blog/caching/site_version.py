"""Which edition of the site readers should see: a new one with every change of what pages show.

The edition is a random number in the site settings. Triggers in the database give it a new value in the
transaction that changes a table, whatever did so: a form, a command, a bulk update, somebody at the
database's own prompt. Moments with the same edition have the same content, even after a backup was restored.
"""

from django.apps import apps
from django.db import connections

from blog.models import (
    Change,
    ImportedRow,
    News,
    Post,
    PreviewLink,
    Purge,
    Revision,
    SiteSettings,
    SubscriberCount,
    TagMerge,
    WorkingCopy,
)
from blog.models.site_settings import random_edition

#: While nothing would tell of changes.
NO_EDITION = 0
#: The name under which a request knows the edition that it is answered with.
OF_A_REQUEST = "weblog.edition"
#: No reader sees anything of these. Whatever else there is, counts.
UNSEEN = {
    Change,
    ImportedRow,
    News,
    PreviewLink,
    Purge,
    Revision,
    SubscriberCount,
    TagMerge,
    WorkingCopy,
}

SITE = SiteSettings._meta.db_table
SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS edition_{event}_{table} AFTER {when} ON {table} "
    f"BEGIN UPDATE {SITE} SET edition = abs(random() / 2) + 1; END"
)
POSTGRESQL = (
    "CREATE OR REPLACE TRIGGER edition_change BEFORE {when} ON {table} "
    "FOR EACH {scope} EXECUTE FUNCTION {function}()"
)
# Before the table is written: whoever else writes waits here already, and not later with other rows locked.
FUNCTIONS = f"""
    CREATE OR REPLACE FUNCTION weblog_new_edition() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE {SITE} SET edition = 1 + floor(random() * 9e15)::bigint;
        RETURN NULL;
    END $$;
    CREATE OR REPLACE FUNCTION weblog_new_settings() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.edition := 1 + floor(random() * 9e15)::bigint;
        RETURN NEW;
    END $$;
"""


def seen_models():
    """All models of which readers see something, but the settings."""
    models = apps.get_models(include_auto_created=True)
    ours = {model for model in models if model._meta.app_label == "blog" or issubclass(model, Post)}
    return sorted(ours - UNSEEN - {SiteSettings}, key=lambda model: model._meta.db_table)


def remove_triggers(using, **kwargs):
    """Before migrations: SQLite changes a table by making another one, and would stumble over them.

    Should they fail, pages are not kept until others succeed.
    """
    if connections[using].vendor != "sqlite":
        return
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = [name for [name] in cursor.fetchall() if name.startswith("edition_")]
        for name in names:
            cursor.execute(f"DROP TRIGGER {name}")
        if names:
            cursor.execute(f"UPDATE {SITE} SET edition = {NO_EDITION}")


def install_triggers(using, **kwargs):
    """After migrations, for the tables and columns that there are: the models may be ahead of them.

    What the migrations changed themselves is a new edition, too.
    """
    connection = connections[using]
    present = set(connection.introspection.table_names())
    tables = [model._meta.db_table for model in seen_models() if model._meta.db_table in present]
    install = on_sqlite if connection.vendor == "sqlite" else on_postgresql
    with connection.cursor() as cursor:
        columns = columns_of_settings(connection, cursor) if SITE in present else set()
        if "edition" not in columns:
            return
        install(cursor, tables, ", ".join(sorted(columns - {"edition"})))
    SiteSettings.objects.using(using).update(edition=random_edition())


def columns_of_settings(connection, cursor):
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
        when, function = "INSERT OR UPDATE OR DELETE", "weblog_new_edition"
        cursor.execute(POSTGRESQL.format(when=when, table=table, scope="STATEMENT", function=function))
    when = f"UPDATE OF {columns}"
    cursor.execute(POSTGRESQL.format(when=when, table=SITE, scope="ROW", function="weblog_new_settings"))
