"""Database triggers that record row changes as `PendingChange` rows, in the transaction of the change.

Beyond `MAX_PENDING_CHANGES` the single change `all` replaces them, and nothing more is recorded until the
purge worker has read it. So bulk changes stay cheap, and the table stays small where no worker runs.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from blog.models import PendingChange

from .row_changes import POSTGRESQL, SQLITE, RowChangeRules, Rule, columns

CHANGES = PendingChange._meta.db_table
MAX_PENDING_CHANGES = 500
PREFIX = "change_"
ALL_IS_PENDING = f"EXISTS (SELECT 1 FROM {CHANGES} WHERE key = 'all')"
LIMIT_IS_EXCEEDED = f"(SELECT count(*) FROM {CHANGES}) > {MAX_PENDING_CHANGES}"
REPLACE_WITH_ALL = f"DELETE FROM {CHANGES}; INSERT INTO {CHANGES} (key) VALUES ('all');"


def remove_triggers(using: str, **kwargs: Any) -> None:
    """Drop the triggers before migrations, since they name columns."""
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


def install_triggers(using: str, **kwargs: Any) -> None:
    """Create the triggers after migrations, and purge everything, since the migrations went unrecorded.

    Does nothing if the migrations stopped before the tables match the models.
    """
    connection = connections[using]
    is_sqlite = connection.vendor == "sqlite"
    dialect, create = (SQLITE, create_on_sqlite) if is_sqlite else (POSTGRESQL, create_on_postgresql)
    rules = list(RowChangeRules(dialect).rules())
    with connection.cursor() as cursor:
        if not has_columns(connection, cursor, {CHANGES, *(rule.table for rule in rules)}):
            return
        create(cursor, rules)
    PendingChange.objects.using(using).get_or_create(key="all")


def has_columns(connection: BaseDatabaseWrapper, cursor: Any, tables: set[str]) -> bool:
    """Tell whether these tables have all columns of their models."""
    present = set(connection.introspection.table_names(cursor))
    if not tables <= present:
        return False
    for model in apps.get_models():
        table = model._meta.db_table
        if table in tables:
            description = connection.introspection.get_table_description(cursor, table)
            if not columns(model) <= {row.name for row in description}:
                return False
    return True


def create_on_sqlite(cursor: Any, rules: Iterable[Rule]) -> None:
    for rule in rules:
        name = f"{PREFIX}{rule.event.lower()}_{rule.table}"
        body = " ".join(f"{statement};" for statement in rule.statements)
        cursor.execute(
            f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {rule.when} ON {rule.table} "
            f"WHEN NOT {ALL_IS_PENDING} AND ({rule.condition}) BEGIN {body} END"
        )
    cursor.execute(
        f"CREATE TRIGGER IF NOT EXISTS {PREFIX}limit AFTER INSERT ON {CHANGES} "
        f"WHEN {LIMIT_IS_EXCEEDED} BEGIN {REPLACE_WITH_ALL} END"
    )


def create_on_postgresql(cursor: Any, rules: Iterable[Rule]) -> None:
    for rule in rules:
        name = f"{PREFIX}{rule.event.lower()}_{rule.table}"
        body = " ".join(f"{statement};" for statement in rule.statements)
        body = f"IF NOT {ALL_IS_PENDING} AND ({rule.condition}) THEN {body} END IF;"
        create_trigger(cursor, name, rule.when, rule.table, body, "ROW")
    body = f"IF {LIMIT_IS_EXCEEDED} THEN {REPLACE_WITH_ALL} END IF;"
    create_trigger(cursor, f"{PREFIX}limit", "INSERT", CHANGES, body, "STATEMENT")


def create_trigger(cursor: Any, name: str, when: str, table: str, body: str, scope: str) -> None:
    cursor.execute(
        f"CREATE OR REPLACE FUNCTION weblog_{name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} RETURN NULL; END $$"
    )
    cursor.execute(
        f"CREATE OR REPLACE TRIGGER {name} AFTER {when} ON {table} "
        f"FOR EACH {scope} EXECUTE FUNCTION weblog_{name}()"
    )
