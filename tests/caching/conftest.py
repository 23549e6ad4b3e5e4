"""What tests of purging share."""

import pytest

from blog.models import PendingChange, Purge


@pytest.fixture
def in_front(settings, monkeypatch):
    """A cache in front, which no thread tells anything."""
    monkeypatch.setattr("blog.caching.middleware.purge_thread.start", lambda: None)
    settings.PURGER = {"BACKEND": "blog.caching.purgers.Varnish", "OPTIONS": {"url": "http://127.0.0.1:9/"}}


@pytest.fixture
def told(db):
    """All that was noted so far has been told."""
    PendingChange.objects.all().delete()
    Purge.objects.all().delete()
