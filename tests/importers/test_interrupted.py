"""An interrupted import that is run again ends in the same state as an uninterrupted one."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import psycopg
import pytest

from blog.importers import table
from blog.models import (
    FormerPermalink,
    ImportedRow,
    Post,
    PreviousTagName,
    Redirect,
    Series,
    SiteState,
    Tag,
    Word,
)
from tests import postgresql
from tests.helpers.processes import ROOT, process_environment
from tests.importers.archives import Archive
from tests.importers.states import everything_but_keys

KINDS = ("entry", "blogmark", "quotation", "note")


def fill(archive, posts):
    """Add `posts` posts of each kind, with clashing permalinks, tags, a series and redirects."""
    for n in range(posts):
        archive.tag(f"tag-{n}", description=f"About *{n}*.")
        archive.add("blog_previoustagname", previous_name=f"old-{n}", tag_id=n + 1)
        archive.add("redirects_redirect", path=f"old-{n}/")
    archive.add("blog_series")
    for kind in KINDS:
        for n in range(posts):
            created = f"2024-06-{n % 28 + 1:02}T{n % 24:02}:00:00+00:00"
            row = archive.add(f"blog_{kind}", slug=f"post-{n % 7}", created=created, series_id=n % 2 or None)
            archive.give_tag(kind, row["id"], n + 1)
            archive.give_tag(kind, row["id"], (n + 1) % posts + 1)
    return archive


@pytest.mark.django_db
@pytest.mark.parametrize("after", [0, 1, 5, 9, 14, 20, 21])
def test_an_import_that_failed_can_be_completed(archive, monkeypatch, after):
    fill(archive, posts=5)
    monkeypatch.setattr(table, "BATCH", 2)
    archive.load()
    uninterrupted = everything_but_keys()
    for model in (Post, FormerPermalink, Tag, Series, Redirect, PreviousTagName, ImportedRow, Word):
        model.objects.all().delete()
    monkeypatch.setattr(SiteState, "lock", failing(SiteState.lock, after))

    with pytest.raises(ConnectionError):
        archive.load()
    monkeypatch.undo()
    archive.load()

    assert everything_but_keys() == uninterrupted


def failing(function, after):
    """Return a function that fails after `after` calls."""
    calls = iter(range(after))

    def call():
        result = function()
        if next(calls, None) is None:
            raise ConnectionError("The cable was pulled.")
        return result

    return call


@pytest.fixture
def databases(tmp_path):
    """The URLs of two empty databases of the vendor under test."""
    server = os.environ.get("TEST_DATABASE_URL")
    with ExitStack() as stack:
        if server:
            yield [stack.enter_context(postgresql.scratch_database(server)) for _ in range(2)]
        else:
            yield [f"sqlite:///{tmp_path}/{name}.sqlite3" for name in ("first", "second")]


@pytest.mark.slow
def test_an_import_that_was_killed_can_be_completed(tmp_path, databases):
    folder = fill(Archive(tmp_path / "archive"), posts=400).write()
    killed, uninterrupted = databases

    process = start("manage.py", "import_archive", str(folder), url=killed)
    while not number_of_posts(killed) >= 300:
        assert process.poll() is None, "The import ended before it could be killed."
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    left_undone = 4 * 400 - number_of_posts(killed)
    again = finish(start("manage.py", "import_archive", str(folder), url=killed))
    finish(start("manage.py", "import_archive", str(folder), url=uninterrupted))

    assert left_undone > 0
    assert "Done. No row was skipped." in again
    assert number_of_posts(killed) == 4 * 400
    assert state(killed) == state(uninterrupted)


def start(*arguments, url):
    environment = process_environment(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="weblog.settings")
    command = [sys.executable, *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def finish(process):
    printed, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return printed


def state(url):
    return json.loads(finish(start("-m", "tests.importers.states", url=url)))


def number_of_posts(url):
    """Return the number of posts, 0 if the table does not exist yet."""
    try:
        with closing(connect(url)) as connection:
            return connection.execute("SELECT count(*) FROM blog_post").fetchone()[0]
    except (sqlite3.OperationalError, psycopg.errors.UndefinedTable):
        return 0


def connect(url):
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite3.connect(f"file:{parts.path[1:]}?mode=ro", uri=True)
    return psycopg.connect(url)
