"""The triggers that change the site version, also after migrations."""

import subprocess
import sys

import pytest
from django.db import connection

from blog.caching.site_version import NO_VERSION, install_triggers, remove_triggers, visible_models
from blog.models import SiteState
from tests.factories import FACTORIES, make_note, make_page, make_redirect, make_series, make_tag, set_site
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
    [*FACTORIES.values(), make_page, make_redirect, make_series, lambda: make_tag("sea")],
    ids=[*FACTORIES, "page", "redirect", "series", "tag"],
)
def test_a_change_that_readers_see_changes_the_version(change):
    before = SiteState.load().version

    change()

    assert SiteState.load().version != before


@pytest.mark.django_db
def test_a_change_of_the_settings_changes_the_version():
    before = SiteState.load().version

    set_site(title="Harbour")

    assert SiteState.load().version != before


@pytest.mark.django_db
def test_every_visible_table_has_triggers():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT event_object_table FROM information_schema.triggers")
        tables = {table for [table] in cursor.fetchall()}

    assert {model._meta.db_table for model in visible_models()} <= tables


@pytest.mark.django_db
def test_nothing_is_cached_while_there_are_no_triggers(client):
    if connection.vendor == "sqlite":
        make_note(body="One.")
        remove_triggers("default")
    else:
        make_note(body="One.")
        SiteState.objects.update(version=NO_VERSION)
    assert "One." in client.get("/").content.decode()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE blog_post SET summary_html = 'Two.'")
        cursor.execute("UPDATE blog_sitestate SET version = %s", [NO_VERSION])

    assert "Two." in client.get("/").content.decode()
    install_triggers("default")
    assert SiteState.load().version != NO_VERSION
