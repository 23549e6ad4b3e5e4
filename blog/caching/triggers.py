"""The triggers that note what has changed, in the transaction that changes it.

Once very much has changed, the one fact `all` takes the place of the others, and nothing more is noted until
somebody has taken notice of it: so a bulk change costs little, and what nobody asks for does not pile up.
"""

from django.apps import apps
from django.db import connections

from blog.models import PendingChange

from .row_changes import POSTGRESQL, SQLITE, RowChangeRules, columns

CHANGES = PendingChange._meta.db_table
#: More facts than this are taken for `all`.
MOST = 500
PREFIX = "change_"
IS_NOTED = f"EXISTS (SELECT 1 FROM {CHANGES} WHERE key = 'all')"
ARE_TOO_MANY = f"(SELECT count(*) FROM {CHANGES}) > {MOST}"
TAKE_ALL = f"DELETE FROM {CHANGES}; INSERT INTO {CHANGES} (key) VALUES ('all');"


def remove_triggers(using, **kwargs):
    """Before migrations, since the triggers name columns."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT DISTINCT trigger_name, event_object_table FROM information_schema.triggers "
                "WHERE trigger_schema = current_schema()"
            )
        for name, table in cursor.fetchall():
            if name.startswith(PREFIX):
                on_table = "" if connection.vendor == "sqlite" else f" ON {table}"
                cursor.execute(f"DROP TRIGGER {name}{on_table}")


def install_triggers(using, **kwargs):
    """After migrations, if the tables are what the models say. What was kept before may be wrong now."""
    connection = connections[using]
    dialect, write = (SQLITE, on_sqlite) if connection.vendor == "sqlite" else (POSTGRESQL, on_postgresql)
    rules = list(RowChangeRules(dialect).rules())
    with connection.cursor() as cursor:
        if not has_columns(connection, cursor, {CHANGES, *(rule.table for rule in rules)}):
            return
        write(cursor, rules)
    PendingChange.objects.using(using).get_or_create(key="all")


def has_columns(connection, cursor, tables):
    """Whether the tables have all columns of their models, which may be ahead of them."""
    present = set(connection.introspection.table_names(cursor))
    if not tables <= present:
        return False
    for model in apps.get_models():
        table = model._meta.db_table
        if table in tables:
            there = {row.name for row in connection.introspection.get_table_description(cursor, table)}
            if not columns(model) <= there:
                return False
    return True


def on_sqlite(cursor, rules):
    for rule in rules:
        name = f"{PREFIX}{rule.event.lower()}_{rule.table}"
        body = " ".join(f"{statement};" for statement in rule.statements)
        cursor.execute(
            f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {rule.when} ON {rule.table} "
            f"WHEN NOT {IS_NOTED} AND ({rule.condition}) BEGIN {body} END"
        )
    cursor.execute(
        f"CREATE TRIGGER IF NOT EXISTS {PREFIX}are_many AFTER INSERT ON {CHANGES} "
        f"WHEN {ARE_TOO_MANY} BEGIN {TAKE_ALL} END"
    )


def on_postgresql(cursor, rules):
    for rule in rules:
        body = " ".join(f"{statement};" for statement in rule.statements)
        body = f"IF NOT {IS_NOTED} AND ({rule.condition}) THEN {body} END IF;"
        write_trigger(
            cursor, f"{PREFIX}{rule.event.lower()}_{rule.table}", rule.when, rule.table, body, "ROW"
        )
    body = f"IF {ARE_TOO_MANY} THEN {TAKE_ALL} END IF;"
    write_trigger(cursor, f"{PREFIX}are_many", "INSERT", CHANGES, body, "STATEMENT")


def write_trigger(cursor, name, when, table, body, scope):
    cursor.execute(
        f"CREATE OR REPLACE FUNCTION weblog_{name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} RETURN NULL; END $$"
    )
    cursor.execute(
        f"CREATE OR REPLACE TRIGGER {name} AFTER {when} ON {table} "
        f"FOR EACH {scope} EXECUTE FUNCTION weblog_{name}()"
    )
