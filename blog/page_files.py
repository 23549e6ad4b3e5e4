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

MOST_FILES = 4096


class PageFiles(BaseCache):
    """Each key has its place among a fixed number of files, and takes it from whatever was there.

    So it never has to be tidied up, and reading is opening one file. Files appear whole or not at all.
    """

    def __init__(self, folder, params):
        super().__init__(params)
        self.folder = Path(folder)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def place(self, key):
        digest = blake2b(key.encode(), digest_size=8).digest()
        return self.folder / f"{int.from_bytes(digest) % MOST_FILES:04x}"

    def read(self, path, key):
        """The value and True; or None and False if another key has the place, or the time is over."""
        try:
            found, expires, value = pickle.loads(path.read_bytes())
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            return None, False
        is_there = found == key and (expires is None or expires > time.time())
        return (value, True) if is_there else (None, False)

    def get(self, key, default=None, version=None):
        key = self.make_and_validate_key(key, version)
        value, is_there = self.read(self.place(key), key)
        return value if is_there else default

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        key = self.make_and_validate_key(key, version)
        with suppress(OSError):  # a full disk makes the site slower, not silent
            self.write(key, value, timeout).replace(self.place(key))

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        key = self.make_and_validate_key(key, version)
        path = self.place(key)
        try:
            written = self.write(key, value, timeout)
        except OSError:
            return True  # as if it was the first
        try:
            return take(path, written) or (self.make_room(path, key) and take(path, written))
        finally:
            written.unlink()

    def make_room(self, path, key):
        """Whether there is none of the key's own there."""
        is_there = self.read(path, key)[1]
        if not is_there:
            path.unlink(missing_ok=True)
        return not is_there

    def delete(self, key, version=None):
        key = self.make_and_validate_key(key, version)
        path = self.place(key)
        is_there = self.read(path, key)[1]
        if is_there:
            path.unlink(missing_ok=True)
        return is_there

    def clear(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def write(self, key, value, timeout):
        handle, name = tempfile.mkstemp(dir=self.folder)
        path = Path(name)
        try:
            with open(handle, "wb") as file:
                pickle.dump((key, self.get_backend_timeout(timeout), value), file, pickle.HIGHEST_PROTOCOL)
        except OSError:
            path.unlink()
            raise
        return path


def take(path, written):
    """Gives the file the name, unless there is one of that name. Whether it did."""
    try:
        os.link(written, path)
    except FileExistsError:
        return False
    return True
