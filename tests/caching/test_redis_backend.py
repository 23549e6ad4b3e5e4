"""Pages in a real Redis."""

import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import redis

from blog.caching.redis_backend import RedisBackend
from tests.factories import make_entry, set_site
from tests.helpers.processes import free_port
from tests.helpers.programs import require_program
from tests.helpers.reader import Reader

pytestmark = pytest.mark.external


@contextmanager
def running(port, folder):
    """Redis on a loopback port, from when it answers."""
    command = [
        require_program("redis-server"),
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        folder,
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while not answers(port):
            assert process.poll() is None
            assert time.monotonic() < deadline, "Redis does not answer."
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait(timeout=30)


def answers(port):
    try:
        with redis.Redis(port=port) as client:
            return client.ping()
    except redis.ConnectionError:
        return False


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def server(port, tmp_path):
    with running(port, str(tmp_path)) as process:
        yield process


@pytest.fixture
def pages(port, monkeypatch):
    monkeypatch.setattr(RedisBackend.breaker, "until", None)
    monkeypatch.setattr(RedisBackend.breaker, "seconds", 0)
    pages = RedisBackend(f"redis://127.0.0.1:{port}", {})
    yield pages
    pages.close()


def test_what_is_set_is_there_until_it_is_deleted(server, pages):
    assert pages.get("a", "nothing") == "nothing"
    pages.set("a", {"b": b"c"})
    assert pages.get("a") == {"b": b"c"}
    assert pages.delete("a")
    assert pages.get("a") is None
    assert not pages.delete("a")


def test_one_of_many_adds(server, pages):
    with ThreadPoolExecutor(16) as threads:
        added = list(threads.map(lambda n: pages.add("a", n, timeout=10), range(64)))

    assert added.count(True) == 1
    assert pages.get("a") == added.index(True)


def test_while_there_is_none_it_is_as_if_it_was_empty_and_the_log_says_so_once(pages, caplog):
    for _ in range(3):
        assert pages.get("a", "nothing") == "nothing"
        pages.set("a", 1)
        assert pages.add("a", 1)
        assert not pages.delete("a")

    assert [record.message.split(":")[0] for record in caplog.records] == ["Redis does not answer"]


def test_a_server_that_hangs_is_left_alone(server, pages, monkeypatch):
    monkeypatch.setattr("blog.caching.redis_backend.MOMENT", 0.1)
    impatient = RedisBackend(pages._servers[0], {})
    monkeypatch.setattr(RedisBackend.breaker, "seconds", 60)
    impatient.set("a", 1)
    server.send_signal(signal.SIGSTOP)

    assert impatient.get("a") is None
    server.send_signal(signal.SIGCONT)

    assert impatient.get("a") is None, "nobody asks before its time is over"
    impatient.close()


class TestReaders:
    @pytest.fixture
    def readers(self, db, port, pages, settings):
        """Of two machines, so to say."""
        settings.CACHES = settings.CACHES | {
            "responses": {
                "BACKEND": "blog.caching.redis_backend.RedisBackend",
                "LOCATION": f"redis://127.0.0.1:{port}",
            }
        }
        set_site(title="Harbour")
        return Reader(), Reader()

    def test_what_one_has_asked_for_is_made_for_the_other(self, server, readers, django_assert_num_queries):
        one, other = readers
        first = one.get("/")

        with django_assert_num_queries(1):
            assert other.get("/").content == first.content

    def test_a_change_is_seen_by_both_at_once(self, server, readers):
        for reader in readers:
            reader.get("/")
        make_entry(title="Boats")

        for reader in readers:
            assert "Boats" in reader.get("/").content.decode()

    def test_they_go_on_reading_when_it_is_killed(self, server, readers, django_assert_num_queries):
        one, other = readers
        first = one.get("/")
        server.kill()
        server.wait(timeout=30)

        with django_assert_num_queries(1):
            assert one.get("/").content == first.content, "which it has in its own memory"
        assert other.get("/").content == first.content
        make_entry(title="Boats")
        assert "Boats" in one.get("/").content.decode()
