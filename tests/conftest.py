"""What every test relies on."""

import os

import hypothesis
import pytest
from django.core.cache import cache

from tests import postgresql

# A slow machine is no failure.
# A change is not refused for what it did not touch: examples are new ones where a person looks at them.
is_ci = os.environ.get("CI", "").lower() == "true"
hypothesis.settings.register_profile("weblog", deadline=None, print_blob=True, derandomize=is_ci)
hypothesis.settings.load_profile("weblog")


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def database_url(tmp_path):
    """An empty database for processes that a test starts, of the kind that the suite runs on."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        yield f"sqlite:///{tmp_path}/weblog.sqlite3"
        return
    with postgresql.scratch_database(server) as url:
        yield url
