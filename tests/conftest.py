"""Fixtures and reporting for all tests."""

import os
from importlib import import_module

import hypothesis
import pytest
from django.apps import apps
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_migrate

from tests import postgresql
from tests.helpers.reader import Reader

# No deadline: a slow machine is not a failure. On CI the examples are always the same, so that a change can't
# fail by chance; elsewhere they are new each time.
is_ci = os.environ.get("CI", "").lower() == "true"
hypothesis.settings.register_profile("weblog", deadline=None, print_blob=True, derandomize=is_ci)
hypothesis.settings.load_profile("weblog")


def pytest_addoption(parser):
    parser.addoption("--every-feed", action="store_true", help="read all feeds of an archive, not a sample")
    parser.addoption("--database-tests", action="store_true", help="leave out tests that touch no database")


#: A test that uses one of these touches a database, as one with the marker `django_db` does.
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "database_url", "shared_database"}


def pytest_collection_modifyitems(config, items):
    """Leave out what runs the same on every database, if asked to."""
    if config.getoption("--database-tests"):
        others = [item for item in items if not touches_database(item)]
        items[:] = [item for item in items if touches_database(item)]
        config.hook.pytest_deselected(items=others)


def touches_database(item):
    return bool(item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(item.fixturenames))


class InstantFailures:
    """Prints a failure when it happens, so that it is known even if a long run is stopped."""

    def __init__(self, config):
        self.config = config

    def pytest_runtest_logreport(self, report):
        if report.failed:
            terminal = self.config.pluginmanager.get_plugin("terminalreporter")
            terminal.ensure_newline()
            terminal.write_line(f"{report.nodeid} failed:\n{report.longreprtext}")


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(InstantFailures(config))


def pytest_terminal_summary(terminalreporter):
    """Print what tests recorded as the property `measured`."""
    reports = terminalreporter.getreports("passed")
    lines = [value for report in reports for name, value in report.user_properties if name == "measured"]
    if lines:
        terminalreporter.section("Measured")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Keep what migrations wrote, and close connections of started processes at the end.

    Tests with transactions of their own empty all tables afterwards. PostgreSQL can't drop a database
    while anybody is connected.
    """
    post_migrate.connect(restore_about_page, sender=apps.get_app_config("blog"))
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def restore_about_page(**kwargs):
    import_module("blog.migrations.0003_about_page").add_about_page(apps, None)


@pytest.fixture(autouse=True)
def _empty_cache():
    for name in caches:
        caches[name].clear()


@pytest.fixture
def reader():
    """A client whose requests pass through the response cache."""
    return Reader()


@pytest.fixture
def database_url(tmp_path):
    """The URL of an empty database for started processes, on the same system as the suite."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        yield f"sqlite:///{tmp_path}/weblog.sqlite3"
        return
    with postgresql.scratch_database(server) as url:
        yield url


@pytest.fixture(scope="module")
def shared_database(django_db_setup, django_db_blocker):
    """A database in which a module's fixtures commit rows that all its tests share.

    They are committed because PostgreSQL gathers no statistics about rows of an open transaction. What a test
    itself changes is rolled back as usual.
    """
    with django_db_blocker.unblock():
        before = connection.creation.serialize_db_to_string()
        yield
        # Sequences are not reset, since the restored rows use some of their values.
        call_command(
            "flush", interactive=False, verbosity=0, reset_sequences=False, inhibit_post_migrate=True
        )
        connection.creation.deserialize_db_from_string(before)
