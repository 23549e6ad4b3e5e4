"""The cache in a folder."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from blog.caching.file_backend import FileBackend
from tests.factories import utc


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def files(tmp_path):
    return FileBackend(str(tmp_path / "pages"), {})


def test_a_value_stays_until_it_is_deleted(files):
    assert files.get("a", "nothing") == "nothing"
    files.set("a", {"b": b"c"})
    assert files.get("a") == {"b": b"c"}
    assert files.delete("a")
    assert files.get("a") is None
    assert not files.delete("a")


def test_a_full_folder_evicts_its_oldest_files(files, monkeypatch):
    monkeypatch.setattr("blog.caching.file_backend.MAX_FOLDERS", 1)
    monkeypatch.setattr("blog.caching.file_backend.MAX_FOLDER_SIZE", 20_000)
    for n in range(40):
        files.set(str(n), b"x" * 900)
        os.utime(files.path(files.make_key(str(n))), ns=(n, n))

    kept = [n for n in range(40) if files.get(str(n)) is not None]
    assert kept == list(range(40 - len(kept), 40))
    assert 18 <= len(kept) <= 21
    assert sum(path.stat().st_size for path in files_in(files.folder)) <= 20_000

    files.set("large", b"x" * 15_000)

    assert files.get("large")
    assert sum(path.stat().st_size for path in files_in(files.folder)) <= 20_000


def test_only_one_of_many_concurrent_adds_succeeds(files):
    with ThreadPoolExecutor(16) as threads:
        added = list(threads.map(lambda n: files.add("a", n), range(64)))

    assert added.count(True) == 1
    assert files.get("a") == added.index(True)


def test_an_expired_value_is_gone(files, time_machine):
    time_machine.move_to(utc(2024, 6, 8), tick=False)
    assert files.add("a", 1, timeout=10)
    time_machine.shift(11)

    assert files.get("a") is None
    assert files.add("a", 2)


@pytest.mark.parametrize("content", [b"", b"half", b"\x80\x05"])
def test_a_broken_file_counts_as_missing(files, content):
    files.set("a", 1)
    [path] = files_in(files.folder)
    path.write_bytes(content)

    assert files.get("a") is None
    assert files.add("a", 2)


def test_a_full_disk_stores_nothing_and_raises_nothing(files, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr("blog.caching.file_backend.tempfile.mkstemp", full)

    files.set("a", 1)

    assert files.get("a") is None
    assert files.add("b", 1)
    assert files_in(files.folder) == []


def test_a_lock_is_taken_if_its_file_was_evicted_meanwhile(files, monkeypatch):
    def link(source, target):
        raise FileNotFoundError(source)

    monkeypatch.setattr("blog.caching.file_backend.os.link", link)

    assert files.add("a", 1)
