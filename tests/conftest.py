"""What every test relies on."""

import os
import uuid
from urllib.parse import urlsplit

import hypothesis
import psycopg
import pytest
from django.core.cache import cache
from psycopg import sql

# A slow machine is no failure.
hypothesis.settings.register_profile("weblog", deadline=None, print_blob=True)
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
    name = f"weblog_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
