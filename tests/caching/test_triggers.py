"""The triggers that write the log of changes, also in bulk and after migrations."""

import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.caching import triggers
from blog.caching.triggers import MAX_BURST, NO_VERSION, install_triggers, remove_triggers
from blog.models import Change, Note, Post, SiteState, Tag
from tests.factories import FACTORIES, make_note, make_page, make_series, make_tag, set_site
from tests.helpers.processes import ROOT, process_environment

CHECK = """
import django; django.setup()
from tests.factories import make_note
from blog.models import SiteState
before = SiteState.load().version
make_note()
print("changed" if SiteState.load().version != before else "unchanged")
"""


def run(environment, *arguments):
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout


def test_migrations_can_alter_tables_and_restore_the_triggers(tmp_path, database_url):
    environment = process_environment(
        DATABASE_URL=database_url, DATA_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="weblog.settings"
    )
    run(environment, "manage.py", "migrate", "--verbosity", "0")
    assert run(environment, "-c", CHECK) == "changed\n"

    run(environment, "manage.py", "migrate", "--verbosity", "0", "blog", "0001")
    run(environment, "manage.py", "migrate", "--verbosity", "0")

    assert run(environment, "-c", CHECK) == "changed\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [*FACTORIES.values(), make_page, make_series, lambda: make_tag("sea"), lambda: set_site(title="Harbour")],
    ids=[*FACTORIES, "page", "series", "tag", "settings"],
)
def test_a_change_that_readers_see_changes_the_version(change):
    before = SiteState.load().version

    change()

    after = SiteState.load().version
    assert after != before
    assert Change.objects.order_by("pk").last().version == after


@pytest.mark.django_db
def test_there_are_few_triggers():
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL has two for most of those that SQLite has.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'")

        assert cursor.fetchone()[0] <= 45


@pytest.mark.django_db
def test_a_bulk_change_notes_everything_instead_of_each_row(noted):
    for number in range(3):
        make_note(slug=f"note-{number}")
    SiteState.objects.update(burst=0)
    call_command("generate_posts", "600", verbosity=0)
    before = Change.newest()

    Post.objects.update(title="By hand")

    keys = list(Change.objects.filter(pk__gt=before).values_list("key", flat=True))
    assert "all" in keys
    assert len(keys) < 10 * MAX_BURST


@pytest.mark.django_db
def test_the_log_is_bounded(monkeypatch):
    newest = Change.newest()
    rows = (Change(version=1, key="post-1") for _ in range(triggers.MAX_LOG + 1500))
    Change.objects.bulk_create(rows, batch_size=2000)

    assert Change.newest() > newest
    assert Change.objects.count() <= triggers.MAX_LOG + 500


@pytest.mark.django_db
def test_migrations_run_without_triggers_and_then_note_everything(noted):
    SiteState.load()
    remove_triggers(connection.alias)
    Note(body="Words.").save()
    assert noted() == set()
    assert SiteState.load().version == NO_VERSION

    install_triggers(connection.alias)
    assert noted() == {"all"}
    assert SiteState.load().version != NO_VERSION
    Note(body="Words.").save()
    assert "kind-note" in noted()


@pytest.mark.django_db
def test_nothing_is_cached_while_there_are_no_triggers(reader):
    make_note(body="One.")
    SiteState.objects.update(version=NO_VERSION)
    assert "One." in reader.get("/").content.decode()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE blog_post SET summary_html = 'Two.'")
        cursor.execute("UPDATE blog_sitestate SET version = %s", [NO_VERSION])

    assert "Two." in reader.get("/").content.decode()


@pytest.mark.django_db
def test_keys_do_not_depend_on_the_format_of_dates_of_the_session(noted):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one format.")
    post = make_note()
    noted()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL datestyle = 'German, DMY'")
        cursor.execute("UPDATE blog_post SET is_draft = true, is_counted = false WHERE id = %s", [post.pk])

    assert f"day-{post.day}" in noted()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change", [lambda tag: tag.rename("ocean"), lambda tag: Tag.objects.recompute_counts()]
)
def test_writers_take_the_lock_of_the_site_before_those_of_rows(change):
    """Otherwise two of them could wait for each other on PostgreSQL, since triggers lock the site as well."""
    make_note(tags=["sea"])

    with CaptureQueriesContext(connection) as captured:
        change(Tag.objects.get())

    locking = [query["sql"] for query in captured if "FOR UPDATE" in query["sql"]]
    assert connection.vendor == "sqlite" or "blog_sitestate" in locking[0]
