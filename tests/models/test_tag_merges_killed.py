"""A merge of thousands of posts is atomic, even if the process is killed in the middle of it."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import psycopg
import pytest

from tests.helpers.merging import HALTED
from tests.helpers.processes import ROOT, process_environment

POSTS = 3000
TABLES = ("blog_tag", "blog_tagging", "blog_previoustagname", "blog_searchdocument", "blog_post")


@pytest.fixture
def environment(database_url, tmp_path):
    """Environment variables for processes on a database with tagged posts."""
    settings = {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "weblog.settings"}
    environment = process_environment(DATA_DIR=str(tmp_path), **settings)
    for command in (
        ["manage.py", "migrate", "--verbosity", "0"],
        ["-m", "tests.helpers.merging", "prepare", str(POSTS)],
    ):
        subprocess.run([sys.executable, *command], env=environment, cwd=ROOT, check=True)
    return environment


@pytest.fixture
def rows(database_url):
    """A function that reads every row of the tables that a merge changes."""
    path = database_url.removeprefix("sqlite:///")
    is_sqlite = path != database_url

    def rows():
        with closing(sqlite3.connect(path) if is_sqlite else psycopg.connect(database_url)) as connection:
            return {
                (table, *map(str, row))
                for table in TABLES
                for row in connection.execute(f"SELECT * FROM {table}").fetchall()
            }

    return rows


@pytest.fixture
def run(environment):
    """A function that merges or undoes in a process, killed right before a statement if one is given."""

    def run(command, *statement):
        arguments = [sys.executable, "-m", "tests.helpers.merging", command, *statement]
        with subprocess.Popen(
            arguments, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as process:
            if statement:
                assert process.stdout.readline().strip() == HALTED
                process.send_signal(signal.SIGKILL)
        assert process.returncode == (-signal.SIGKILL if statement else 0)

    return run


@pytest.mark.slow
def test_merge_and_undo_are_atomic(run, rows):
    before = rows()
    for statement in (
        'DELETE FROM "blog_tag" ',
        'UPDATE "blog_searchdocument"',
        'INSERT INTO "blog_tagmerge"',
    ):
        run("merge", statement)
        assert not before ^ rows()

    run("merge")
    merged = rows()
    assert len(merged - before) > POSTS

    for statement in ('UPDATE "blog_searchdocument"', 'UPDATE "blog_tagmerge"'):
        run("undo", statement)
        assert not merged ^ rows()

    run("undo")
    assert not before ^ rows()
