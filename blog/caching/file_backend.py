"""The default backend of the response cache: a folder that all processes of one machine share."""

import os
import pickle
import shutil
import tempfile
import time
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

MAX_FOLDERS = 256
MAX_FOLDER_SIZE = 2 * 1024 * 1024  # bytes, so 512 MB in all


class FileBackend(BaseCache):
    """Store each key in its own file, in one of a fixed number of folders. A full one evicts its oldest.

    So the cache needs no sweeping, and a read opens one file. Files are written atomically.
    """

    def __init__(self, folder: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.folder = Path(folder)

    def path(self, key: str) -> Path:
        digest = blake2b(key.encode(), digest_size=16)
        return self.folder / f"{digest.digest()[0] % MAX_FOLDERS:02x}" / digest.hexdigest()

    def read(self, path: Path, key: str) -> tuple[Any, bool]:
        """Return the value and True, or None and False if there is none or it has expired."""
        try:
            stored_key, expires, value = pickle.loads(path.read_bytes())  # noqa: S301  (only this user writes them)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            return None, False
        is_valid = stored_key == key and (expires is None or expires > time.time())
        return (value, True) if is_valid else (None, False)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        key = self.make_and_validate_key(key, version)
        value, exists = self.read(self.path(key), key)
        return value if exists else default

    def set(
        self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        key = self.make_and_validate_key(key, version)
        path = self.path(key)
        with suppress(OSError):  # with a full disk the site gets slower, and keeps running
            self.write(path, key, value, timeout).replace(path)

    def add(
        self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        key = self.make_and_validate_key(key, version)
        path = self.path(key)
        try:
            written = self.write(path, key, value, timeout)
        except OSError:
            return True  # the caller takes the lock, and renders
        try:
            if link_exclusively(written, path):
                return True
            if self.read(path, key)[1]:
                return False
            path.unlink(missing_ok=True)  # expired or broken
            return link_exclusively(written, path)
        finally:
            written.unlink(missing_ok=True)

    def delete(self, key: Any, version: int | None = None) -> bool:
        key = self.make_and_validate_key(key, version)
        path = self.path(key)
        exists = self.read(path, key)[1]
        if exists:
            path.unlink(missing_ok=True)
        return exists

    def clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, path: Path, key: str, value: Any, timeout: float | None) -> Path:
        """Write a temporary file in the folder of `path`, and return its path."""
        content = pickle.dumps((key, self.get_backend_timeout(timeout), value), pickle.HIGHEST_PROTOCOL)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        evict_oldest(path.parent, len(content))
        handle, name = tempfile.mkstemp(dir=path.parent)
        written = Path(name)
        try:
            with open(handle, "wb") as file:
                file.write(content)
        except OSError:
            written.unlink(missing_ok=True)
            raise
        return written


def evict_oldest(folder: Path, needed: int) -> None:
    """Delete the oldest files until so many more bytes fit into the folder."""
    found = []
    for entry in os.scandir(folder):
        with suppress(FileNotFoundError):  # another process has removed it
            status = entry.stat()
            found.append((status.st_mtime_ns, entry.path, status.st_size))
    size = needed + sum(file_size for _, _, file_size in found)
    for _, path, file_size in sorted(found):
        if size <= MAX_FOLDER_SIZE:
            return
        Path(path).unlink(missing_ok=True)
        size -= file_size


def link_exclusively(written: Path, path: Path) -> bool:
    """Give the file the name `path` and return True, or return False if that name exists.

    Also returns True if it has no other chance: another process has evicted the file, or there are no links.
    """
    try:
        os.link(written, path)
    except FileExistsError:
        return False
    except OSError:
        return True
    return True
