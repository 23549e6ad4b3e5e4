"""Database triggers that write the log of changes, in the transaction of the change.

Each row that changes gives the site a new version, and notes the keys of the affected pages, which
`change_rules` has, whether a form, a command or an `UPDATE` at a database prompt changed it.
The first row of each version has the key `any`, for the pages that must follow every change.

Of more than `MAX_BURST` rows within a second (on PostgreSQL, in one statement) only `all` is noted. So bulk
changes stay cheap. Only the newest `MAX_LOG` rows of the log are kept.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from blog.models import Change, Post, SiteState, Trigram
from blog.models.site_state import random_version

from .change_rules import POSTGRESQL, SQLITE, ChangeRules, Rule, columns
from .surrogate_keys import ANY, EVERYTHING

LOG = Change._meta.db_table
STATE = SiteState._meta.db_table
MAX_BURST = 300
MAX_LOG = 10_000
PREFIX = "note_"
#: The version while no triggers are installed. Nothing may be cached then.
NO_VERSION = 0

NEXT_VERSION_SQLITE = f"""
    UPDATE {STATE} SET
        version = abs(random() / 2) + 1,
        burst = CASE WHEN burst_second = CAST(strftime('%s', 'now') AS INTEGER) THEN burst + 1 ELSE 1 END,
        burst_second = CAST(strftime('%s', 'now') AS INTEGER);
    DELETE FROM {LOG} WHERE id = (SELECT max(id) FROM {LOG}) AND key = '{EVERYTHING}'
        AND (SELECT burst FROM {STATE}) > {MAX_BURST};
    INSERT INTO {LOG} (version, key)
        SELECT version, CASE WHEN burst > {MAX_BURST} THEN '{EVERYTHING}' ELSE '{ANY}' END
        FROM {STATE};
"""
PRUNE = f"DELETE FROM {LOG} WHERE id <= NEW.id - {MAX_LOG};"

# BEFORE triggers of statements: concurrent writers wait for the row of the site state before they lock rows
# of the table. So they can't deadlock, and rows of the log become visible in the order of their ids.
POSTGRESQL_FUNCTIONS = f"""
    CREATE OR REPLACE FUNCTION weblog_next_version() RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE new_version bigint := 1 + floor(random() * 9e15)::bigint;
    BEGIN
        PERFORM set_config('weblog.burst', '0', true);
        INSERT INTO {LOG} (version, key) VALUES (new_version, '{ANY}');
        RETURN new_version;
    END $$;
    CREATE OR REPLACE FUNCTION weblog_before_statement() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM {STATE} FOR UPDATE;
        UPDATE {STATE} SET version = weblog_next_version();
        RETURN NULL;
    END $$;
    CREATE OR REPLACE FUNCTION weblog_before_state() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.version := weblog_next_version();
        RETURN NEW;
    END $$;
    CREATE OR REPLACE FUNCTION weblog_is_burst() RETURNS boolean LANGUAGE plpgsql AS $$
    DECLARE rows_noted int := coalesce(nullif(current_setting('weblog.burst', true), ''), '0')::int + 1;
    BEGIN
        PERFORM set_config('weblog.burst', rows_noted::text, true);
        IF rows_noted = {MAX_BURST} + 1 THEN
            INSERT INTO {LOG} (version, key)
                SELECT version, '{EVERYTHING}' FROM {STATE};
        END IF;
        RETURN rows_noted > {MAX_BURST};
    END $$;
"""


def remove_triggers(using: str, **kwargs: Any) -> None:
    """Drop the triggers before migrations, since they name columns.

    If the migrations fail, no page is cached until later ones succeed.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        names = trigger_names(connection, cursor)
        for name, table in names:
            on_table = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER {name}{on_table}")
        if names:
            cursor.execute(f"UPDATE {STATE} SET version = {NO_VERSION}")


def trigger_names(connection: BaseDatabaseWrapper, cursor: Any) -> list[tuple[str, str]]:
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    else:
        cursor.execute(
            "SELECT DISTINCT trigger_name, event_object_table FROM information_schema.triggers "
            "WHERE trigger_schema = current_schema()"
        )
    return [(name, table) for name, table in cursor.fetchall() if name.startswith(PREFIX)]


def install_triggers(using: str, **kwargs: Any) -> None:
    """Create the triggers after migrations, and note that everything may have changed.

    Does nothing if the migrations stopped before the tables match the models.
    """
    connection = connections[using]
    is_sqlite = connection.vendor == "sqlite"
    dialect, create = (SQLITE, create_on_sqlite) if is_sqlite else (POSTGRESQL, create_on_postgresql)
    rules = list(ChangeRules(dialect).rules())
    with connection.cursor() as cursor:
        if not has_columns(connection, cursor, {LOG, STATE, *(rule.table for rule in rules)}):
            return
        create(cursor, rules)
    note_everything(using)


def note_everything(using: str = "default") -> None:
    """Note that all pages may have changed, at once with the version by which readers notice."""
    with transaction.atomic(using), connections[using].cursor() as cursor:
        SiteState.objects.using(using).update(version=random_version())
        cursor.execute(f"INSERT INTO {LOG} (version, key) SELECT version, '{EVERYTHING}' FROM {STATE}")


def unwatched_tables() -> set[str]:
    """Return the tables of all applications whose changes are not noted."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    # Rows of these change only together with words and with posts.
    derived = {model._meta.db_table for model in (Trigram, *Post.kinds().values())}
    return tables - {rule.table for rule in ChangeRules(SQLITE).rules()} - derived


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


def statements(rule: Rule, condition: str) -> str:
    """Return an INSERT for each key of the rule. Keys that are NULL are skipped."""
    return " ".join(
        f"INSERT INTO {LOG} (version, key) SELECT state.version, change.key "
        f"FROM {STATE} AS state, ({query}) AS change "
        f"WHERE {condition} AND ({rule.condition}) AND ({when}) AND change.key IS NOT NULL;"
        for query, when in rule.changes
    )


def create_on_sqlite(cursor: Any, rules: Iterable[Rule]) -> None:
    for rule in rules:
        body = NEXT_VERSION_SQLITE + statements(rule, f"state.burst <= {MAX_BURST}")
        cursor.execute(
            f"CREATE TRIGGER IF NOT EXISTS {trigger_name(rule)} AFTER {rule.when} ON {rule.table} "
            f"BEGIN {body} END"
        )
    cursor.execute(
        f"CREATE TRIGGER IF NOT EXISTS {PREFIX}limit AFTER INSERT ON {LOG} "
        f"WHEN NEW.id % 500 = 0 BEGIN {PRUNE} END"
    )


def create_on_postgresql(cursor: Any, rules: Iterable[Rule]) -> None:
    cursor.execute(POSTGRESQL_FUNCTIONS)
    for rule in rules:
        body = statements(rule, "1 = 1")
        body = f"IF ({rule.condition}) AND NOT weblog_is_burst() THEN {body} END IF;"
        create_trigger(cursor, trigger_name(rule), rule, body)
        before = f"{PREFIX}before_{rule.event.lower()}_{rule.table}"
        scope, function = ("ROW", "state") if rule.table == STATE else ("STATEMENT", "statement")
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER {before} BEFORE {rule.when} ON {rule.table} "
            f"FOR EACH {scope} EXECUTE FUNCTION weblog_before_{function}()"
        )
    limit = Rule(LOG, "INSERT")
    create_trigger(cursor, f"{PREFIX}limit", limit, f"IF NEW.id % 500 = 0 THEN {PRUNE} END IF;")


def trigger_name(rule: Rule) -> str:
    return f"{PREFIX}{rule.event.lower()}_{rule.table}"


def create_trigger(cursor: Any, name: str, rule: Rule, body: str) -> None:
    cursor.execute(
        f"CREATE OR REPLACE FUNCTION weblog_{name}() RETURNS trigger LANGUAGE plpgsql "
        "SET datestyle = 'ISO' AS "
        f"$$ BEGIN {body} RETURN NULL; END $$"
    )
    cursor.execute(
        f"CREATE OR REPLACE TRIGGER {name} AFTER {rule.when} ON {rule.table} "
        f"FOR EACH ROW EXECUTE FUNCTION weblog_{name}()"
    )
