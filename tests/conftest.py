"""What every test relies on."""

import os

import hypothesis
import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection

from tests import postgresql
from tests.helpers.reader import Reader

# A slow machine is no failure.
# A change is not refused for what it did not touch: examples are new ones where a person looks at them.
is_ci = os.environ.get("CI", "").lower() == "true"
hypothesis.settings.register_profile("weblog", deadline=None, print_blob=True, derandomize=is_ci)
hypothesis.settings.load_profile("weblog")


def pytest_addoption(parser):
    parser.addoption("--every-feed", action="store_true", help="read all feeds of an archive, not a sample")


class FailuresAtOnce:
    """Says what failed when it fails: whoever stops a long run, or has it stopped, knows what it found."""

    def __init__(self, config):
        self.config = config

    def pytest_runtest_logreport(self, report):
        if report.failed:
            terminal = self.config.pluginmanager.get_plugin("terminalreporter")
            terminal.ensure_newline()
            terminal.write_line(f"{report.nodeid} failed:\n{report.longreprtext}")


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(FailuresAtOnce(config))


def pytest_terminal_summary(terminalreporter):
    """What tests have measured and recorded as `measured`, for people to read."""
    reports = terminalreporter.getreports("passed")
    lines = [value for report in reports for name, value in report.user_properties if name == "measured"]
    if lines:
        terminalreporter.section("Measured")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """PostgreSQL does not drop the test database while anything that a test has started is connected."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def _empty_cache():
    for name in caches:
        caches[name].clear()


@pytest.fixture
def reader():
    """Somebody who reads what is kept of public pages."""
    return Reader()


@pytest.fixture
def database_url(tmp_path):
    """An empty database for processes that a test starts, of the kind that the suite runs on."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        yield f"sqlite:///{tmp_path}/weblog.sqlite3"
        return
    with postgresql.scratch_database(server) as url:
        yield url


@pytest.fixture(scope="module")
def shared_database(django_db_setup, django_db_blocker):
    """What a module's fixtures write, all its tests see; what a test itself changes is undone after it.

    It is committed: in one long transaction PostgreSQL would never learn how large the tables have become.
    """
    with django_db_blocker.unblock():
        before = connection.creation.serialize_db_to_string()
        yield
        # Keys go on from where they are: what is put back has some already.
        call_command(
            "flush", interactive=False, verbosity=0, reset_sequences=False, inhibit_post_migrate=True
        )
        connection.creation.deserialize_db_from_string(before)
