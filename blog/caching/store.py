"""The two levels of the response cache: a memory cache per process, and a cache that the processes share."""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from threading import Lock

from django.conf import settings
from django.core.cache import BaseCache, caches

from . import build_fingerprint
from .cached_page import CachedPage

SHARED_TIMEOUT = 30 * 24 * 60 * 60  # seconds until the shared cache may drop a page


class MemoryCache:
    """A thread-safe cache of pages that evicts the least recently used beyond `max_size` bytes."""

    def __init__(self, max_size: int) -> None:
        self.max_size = max_size
        self.clear()

    def clear(self) -> None:
        self.lock = Lock()
        self.pages: OrderedDict[str, CachedPage] = OrderedDict()
        self.size = 0

    def get(self, key: str) -> CachedPage | None:
        with self.lock:
            page = self.pages.get(key)
            if page:
                self.pages.move_to_end(key)
            return page

    def set(self, key: str, page: CachedPage) -> None:
        with self.lock:
            self._drop(key)
            self.pages[key] = page
            self.size += page.size
            while self.size > self.max_size:
                self._drop(next(iter(self.pages)))

    def _drop(self, key: str) -> None:
        if page := self.pages.pop(key, None):
            self.size -= page.size


class PageStore:
    """Pages by request key."""

    def __init__(self) -> None:
        self.memory = MemoryCache(settings.RESPONSE_CACHE_MEMORY)

    @property
    def shared(self) -> BaseCache:
        return caches["responses"]

    def get(self, key: str, validate: Callable[[CachedPage], CachedPage | None]) -> CachedPage | None:
        """Return the page from the first level that has a valid one.

        `validate` returns a page that is valid, perhaps as a copy that is quicker to validate the next time,
        or None for one that isn't.
        """
        page = self.memory.get(key)
        if page and (valid := validate(page)):
            if valid is not page:
                self.memory.set(key, valid)
            return valid
        page = self._get_shared(key)
        if page and (valid := validate(page)):
            self.memory.set(key, valid)
            return valid
        return None

    def latest(self, key: str) -> CachedPage | None:
        """Return the page that was stored last, valid or not."""
        return self.memory.get(key) or self._get_shared(key)

    def set(self, key: str, page: CachedPage) -> None:
        self.memory.set(key, page)
        self.shared.set(storage_key(key), page, timeout=SHARED_TIMEOUT)

    def clear(self) -> None:
        self.memory.clear()
        self.shared.clear()

    def _get_shared(self, key: str) -> CachedPage | None:
        page: CachedPage | None = self.shared.get(storage_key(key))
        return page


def storage_key(key: str) -> str:
    """Return the key in the shared cache, which other builds don't share."""
    return f"page.{build_fingerprint.FINGERPRINT}.{blake2b(key.encode(), digest_size=16).hexdigest()}"
