"""Fixtures for tests of purging."""

import pytest

from blog.models import PendingChange, Purge


@pytest.fixture
def in_front(settings, monkeypatch):
    """Configure a cache in front, without the purge worker's thread."""
    monkeypatch.setattr("blog.caching.middleware.purge_thread.start", lambda: None)
    settings.PURGER = {"BACKEND": "blog.caching.purgers.Varnish", "OPTIONS": {"url": "http://127.0.0.1:9/"}}


@pytest.fixture
def no_pending_purges(db):
    PendingChange.objects.all().delete()
    Purge.objects.all().delete()
