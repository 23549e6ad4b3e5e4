"""Fixtures for tests of purging."""

import pytest

from blog.models import Change


@pytest.fixture
def in_front(settings, monkeypatch):
    """Configure a cache in front, without the purge worker's thread."""
    monkeypatch.setattr("blog.caching.middleware.purge_thread.start", lambda: None)
    settings.PURGER = {"BACKEND": "blog.caching.purgers.Varnish", "OPTIONS": {"url": "http://127.0.0.1:9/"}}


@pytest.fixture
def noted(db):
    """Return a function that returns the keys that were noted since it was last called."""
    seen = Change.newest()

    def keys():
        nonlocal seen
        found = set(Change.objects.filter(pk__gt=seen).values_list("key", flat=True))
        seen = Change.newest()
        return found - {"any"}

    return keys
