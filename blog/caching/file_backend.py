"""A cache of pages in a folder, for all processes of one machine."""

import os
import pickle
import shutil
import tempfile
import time
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

SHELVES = 256
MOST_ON_A_SHELF = 16


class FileBackend(BaseCache):
    """Each key has a file of its own, on one of a fixed number of shelves: a full one loses its oldest.

    So it never has to be tidied up, and reading is opening one file. Files appear whole or not at all.
    """

    def __init__(self, folder, params):
        super().__init__(params)
        self.folder = Path(folder)

    def path(self, key):
        digest = blake2b(key.encode(), digest_size=16)
        return self.folder / f"{digest.digest()[0] % SHELVES:02x}" / digest.hexdigest()

    def read(self, path, key):
        """The value and True; or None and False if there is none, or its time is over."""
        try:
            found, expires, value = pickle.loads(path.read_bytes())  # noqa: S301  (files that only this user writes)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            return None, False
        is_there = found == key and (expires is None or expires > time.time())
        return (value, True) if is_there else (None, False)

    def get(self, key, default=None, version=None):
        key = self.make_and_validate_key(key, version)
        value, is_there = self.read(self.path(key), key)
        return value if is_there else default

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        key = self.make_and_validate_key(key, version)
        path = self.path(key)
        with suppress(OSError):  # a full disk makes the site slower, not silent
            self.write(path, key, value, timeout).replace(path)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        key = self.make_and_validate_key(key, version)
        path = self.path(key)
        try:
            written = self.write(path, key, value, timeout)
        except OSError:
            return True  # as if it was the first
        try:
            return take(path, written) or (self.make_room(path, key) and take(path, written))
        finally:
            written.unlink(missing_ok=True)

    def make_room(self, path, key):
        """Whether what is there is over."""
        is_there = self.read(path, key)[1]
        if not is_there:
            path.unlink(missing_ok=True)
        return not is_there

    def delete(self, key, version=None):
        key = self.make_and_validate_key(key, version)
        path = self.path(key)
        is_there = self.read(path, key)[1]
        if is_there:
            path.unlink(missing_ok=True)
        return is_there

    def clear(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, path, key, value, timeout):
        """A file beside the one of that path, which is still to get its name."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lose_the_oldest(path.parent)
        handle, name = tempfile.mkstemp(dir=path.parent)
        written = Path(name)
        try:
            with open(handle, "wb") as file:
                pickle.dump((key, self.get_backend_timeout(timeout), value), file, pickle.HIGHEST_PROTOCOL)
        except OSError:
            written.unlink(missing_ok=True)
            raise
        return written


def lose_the_oldest(shelf):
    while len(names := os.listdir(shelf)) >= MOST_ON_A_SHELF:
        min((shelf / name for name in names), key=age).unlink(missing_ok=True)


def age(path):
    """When it was written. What is gone meanwhile, may be lost first."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def take(path, written):
    """Gives the file the name, unless there is one of that name. Whether it did."""
    try:
        os.link(written, path)
    except FileExistsError:
        return False
    return True
