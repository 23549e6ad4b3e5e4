"""Readers of a running weblog whose real database goes down and comes back."""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.helpers.processes import ROOT, collect_static, free_port, process_environment, serving

RENAME = "UPDATE blog_sitesettings SET title = 'Boats'"


@contextmanager
def database_down(url):
    """Let PostgreSQL refuse all connections. SQLite has no such thing; its file is locked for writing."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            yield
            connection.execute(RENAME)
            connection.execute("COMMIT")
        return
    name = urlsplit(url).path[1:]
    with psycopg.connect(urlsplit(url)._replace(path="/postgres").geturl(), autocommit=True) as server:
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        server.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        server.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        yield
        server.execute(allow.format(sql.Identifier(name), sql.SQL("true")))
    with psycopg.connect(url) as database:
        database.execute(RENAME)


def get(port, path):
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()


def test_readers_go_on_reading_and_see_the_changes_when_it_is_back(tmp_path, database_url):
    environment = process_environment(
        DATABASE_URL=database_url,
        DATA_DIR=str(tmp_path / "data"),
        DJANGO_SETTINGS_MODULE="weblog.settings",
    )
    migrate = ["manage.py", "migrate", "--noinput", "--verbosity", "0"]
    subprocess.run([sys.executable, *migrate], cwd=ROOT, env=environment, check=True)
    collect_static(environment)
    port, log = free_port(), tmp_path / "log"

    with log.open("w") as output, serving(environment, port, log=output):
        pages = {path: get(port, path) for path in ("/", "/atom/everything/", "/tags/")}
        assert {status for status, _ in pages.values()} == {200}

        with database_down(database_url):
            for _ in range(3):
                assert {path: get(port, path) for path in pages} == pages

        deadline = time.monotonic() + 30
        while "Boats" not in get(port, "/")[1]:
            assert time.monotonic() < deadline
            time.sleep(0.1)

    logged = [line for line in log.read_text().splitlines() if "The database" in line]
    if database_url.startswith("sqlite"):
        assert logged == [], "a lock for writing blocks no reader"
    else:
        assert ["does not respond" in line for line in logged] == [True, False]
