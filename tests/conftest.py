"""What every test relies on."""

import os

import hypothesis
import pytest
from django.core.cache import caches

from tests import postgresql

# A slow machine is no failure.
hypothesis.settings.register_profile("weblog", deadline=None, print_blob=True)
hypothesis.settings.load_profile("weblog")


@pytest.fixture(autouse=True)
def _empty_cache():
    for name in caches:
        caches[name].clear()


@pytest.fixture
def database_url(tmp_path):
    """An empty database for processes that a test starts, of the kind that the suite runs on."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        yield f"sqlite:///{tmp_path}/weblog.sqlite3"
        return
    with postgresql.scratch_database(server) as url:
        yield url
