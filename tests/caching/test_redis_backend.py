"""The cache in a real Redis."""

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
    """Run Redis on a loopback port, ready to respond."""
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
        while not responds(port):
            assert process.poll() is None
            assert time.monotonic() < deadline, "Redis does not respond."
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait(timeout=30)


def responds(port):
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
def backend(port, monkeypatch):
    monkeypatch.setattr(RedisBackend.breaker, "open_until", None)
    monkeypatch.setattr(RedisBackend.breaker, "cooldown", 0)
    backend = RedisBackend(f"redis://127.0.0.1:{port}", {})
    yield backend
    backend.close()


def test_a_value_stays_until_it_is_deleted(server, backend):
    assert backend.get("a", "nothing") == "nothing"
    backend.set("a", {"b": b"c"})
    assert backend.get("a") == {"b": b"c"}
    assert backend.delete("a")
    assert backend.get("a") is None
    assert not backend.delete("a")


def test_only_one_of_many_concurrent_adds_succeeds(server, backend):
    with ThreadPoolExecutor(16) as threads:
        added = list(threads.map(lambda n: backend.add("a", n, timeout=10), range(64)))

    assert added.count(True) == 1
    assert backend.get("a") == added.index(True)


def test_without_a_server_it_acts_as_an_empty_cache_and_logs_once(backend, caplog):
    for _ in range(3):
        assert backend.get("a", "nothing") == "nothing"
        backend.set("a", 1)
        assert backend.add("a", 1)
        assert not backend.delete("a")

    assert [record.message.split(" (")[0] for record in caplog.records] == ["Redis does not respond"]


def test_a_server_that_hangs_is_not_called_again_at_once(server, backend, monkeypatch):
    monkeypatch.setattr("blog.caching.redis_backend.TIMEOUT", 0.1)
    impatient = RedisBackend(backend._servers[0], {})
    monkeypatch.setattr(RedisBackend.breaker, "cooldown", 60)
    impatient.set("a", 1)
    server.send_signal(signal.SIGSTOP)

    assert impatient.get("a") is None
    server.send_signal(signal.SIGCONT)

    assert impatient.get("a") is None, "it is not called before the cooldown is over"
    impatient.close()


class TestReaders:
    @pytest.fixture
    def readers(self, db, port, backend, settings):
        """Readers of two processes that share nothing but Redis."""
        settings.CACHES = settings.CACHES | {
            "responses": {
                "BACKEND": "blog.caching.redis_backend.RedisBackend",
                "LOCATION": f"redis://127.0.0.1:{port}",
            }
        }
        set_site(title="Harbour")
        return Reader(), Reader()

    def test_a_page_rendered_for_one_is_cached_for_the_other(
        self, server, readers, django_assert_num_queries
    ):
        one, other = readers
        first = one.get("/")

        with django_assert_num_queries(2):  # a new process reads the log of changes first
            assert other.get("/").content == first.content

    def test_both_see_a_change_at_once(self, server, readers):
        for reader in readers:
            reader.get("/")
        make_entry(title="Boats")

        for reader in readers:
            assert "Boats" in reader.get("/").content.decode()

    def test_they_go_on_reading_when_redis_is_killed(self, server, readers, django_assert_num_queries):
        one, other = readers
        first = one.get("/")
        server.kill()
        server.wait(timeout=30)

        with django_assert_num_queries(1):
            assert one.get("/").content == first.content, "it is in the memory of that process"
        assert other.get("/").content == first.content
        make_entry(title="Boats")
        assert "Boats" in one.get("/").content.decode()
