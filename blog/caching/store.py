"""Where pages are kept: the last in the memory of the process, all in a cache that the processes share."""

from collections import OrderedDict
from hashlib import blake2b
from threading import Lock

from django.conf import settings
from django.core.cache import caches

from . import build_fingerprint

KEPT_FOR = 30 * 24 * 60 * 60  # seconds, after which a shared cache may forget what nobody has asked for anew


class Memory:
    """The pages that were asked for last, of so many bytes at most. For all threads."""

    def __init__(self, most):
        self.most = most
        self.clear()

    def clear(self):
        self.lock = Lock()
        self.pages = OrderedDict()
        self.size = 0

    def get(self, key):
        with self.lock:
            page = self.pages.get(key)
            if page:
                self.pages.move_to_end(key)
            return page

    def set(self, key, page):
        with self.lock:
            self._drop(key)
            self.pages[key] = page
            self.size += page.size
            while self.size > self.most:
                self._drop(next(iter(self.pages)))

    def _drop(self, key):
        if page := self.pages.pop(key, None):
            self.size -= page.size


class Store:
    """Pages by the addresses that they were asked for at."""

    def __init__(self):
        self.memory = Memory(settings.RESPONSE_CACHE_MEMORY)

    @property
    def shared(self):
        return caches["responses"]

    def find(self, address, is_good):
        """The page for which `is_good` is true; None without one."""
        page = self.memory.get(address)
        if page and is_good(page):
            return page
        page = self.shared.get(key_of(address))
        if page and is_good(page):
            self.memory.set(address, page)
            return page
        return None

    def former(self, address):
        """The page that was kept last, however old."""
        return self.memory.get(address) or self.shared.get(key_of(address))

    def keep(self, address, page):
        self.memory.set(address, page)
        self.shared.set(key_of(address), page, timeout=KEPT_FOR)

    def clear(self):
        self.memory.clear()
        self.shared.clear()


def key_of(address):
    return f"page.{build_fingerprint.FINGERPRINT}.{blake2b(address.encode(), digest_size=16).hexdigest()}"
