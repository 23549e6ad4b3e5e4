"""`make run` in a fresh clone serves a weblog with sample posts."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.helpers.processes import ROOT, free_port, process_environment

pytestmark = pytest.mark.external


@pytest.fixture
def clone(tmp_path):
    """A fresh clone, except that it shares this environment: creating one takes minutes."""
    generated = shutil.ignore_patterns(
        ".git", ".venv", ".env", "var", "__pycache__", ".*_cache", ".hypothesis"
    )
    clone = Path(shutil.copytree(ROOT, tmp_path / "clone", ignore=generated))
    virtual_environment = clone / ".venv"
    virtual_environment.symlink_to(sys.prefix)
    return clone


def make_run(clone, port, **overrides):
    environment = process_environment(PORT=str(port), **overrides)
    del environment["SECRET_KEY"], environment["ENV_FILE"]  # the clone creates its own
    with open(clone / "log", "w") as log:
        return subprocess.Popen(
            ["make", "run"],
            cwd=clone,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


@contextmanager
def running(clone, port, **overrides):
    """Yields what was printed until the server accepted connections."""
    process = make_run(clone, port, **overrides)
    log = clone / "log"
    try:
        deadline = time.monotonic() + 90
        while not is_listening(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, f"The server did not start:\n{log.read_text()}"
            time.sleep(0.1)
        yield log.read_text()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)  # like Ctrl+C
        process.wait(timeout=30)


def is_listening(port):
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


def status(port, path):
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_it_serves_the_site_and_prints_its_address(clone, database_url):
    port = free_port()

    with running(clone, port, DATABASE_URL=database_url) as printed:
        assert f"http://127.0.0.1:{port}/" in printed
        assert f"http://127.0.0.1:{port}/admin/" in printed
        assert re.search(r"password", printed, re.IGNORECASE)
        assert status(port, "/") == 200
        assert status(port, "/admin/login/") == 200
        assert (clone / ".env").stat().st_mode & 0o777 == 0o600

    with running(clone, port, DATABASE_URL=database_url) as printed_again:
        assert f"http://127.0.0.1:{port}/" in printed_again
        assert not set(passwords(printed)) & set(passwords(printed_again))


def passwords(printed):
    return re.findall(r"password\W+(\S{8,})", printed, re.IGNORECASE)


def test_a_port_in_use_stops_it_before_it_changes_anything(clone):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        process = make_run(clone, port)
        process.wait(timeout=60)

    assert process.returncode != 0
    assert f"Can't serve on port {port} (Address already in use)" in (clone / "log").read_text()
    assert not (clone / "var").exists()
