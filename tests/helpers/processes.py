"""What tests need that start processes of the project."""

import fcntl
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from weblog import environment

ROOT = Path(__file__).parents[2]
SECRET_KEY = "a long enough key for a process that tests start, 0123456789"


def variables(**given):
    """The environment for a process that knows no more of the project's variables than it is given."""
    of_the_tests = environment.names | {"DJANGO_SETTINGS_MODULE", "TEST_DATABASE_URL"}
    inherited = {name: value for name, value in os.environ.items() if name not in of_the_tests}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return inherited | {"PATH": path, "ENV_FILE": os.devnull, "SECRET_KEY": SECRET_KEY} | given


def collect_static(environment):
    """The static files that servers give out: once for all processes of the tests."""
    manifest = ROOT / "var" / "static" / "staticfiles.json"
    newest = max(path.stat().st_mtime for path in (ROOT / "static").rglob("*"))
    manifest.parent.parent.mkdir(exist_ok=True)
    with open(ROOT / "var" / "collecting", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not manifest.exists() or manifest.stat().st_mtime < newest:
            command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
            subprocess.run(command, cwd=ROOT, env=environment, check=True)


@contextmanager
def serving(environment, port, cwd=ROOT, log=None):
    """The weblog on a loopback port, once it answers; stopped afterwards. The log is a file, for errors."""
    arguments = [
        "weblog.wsgi:application",
        "--interface",
        "wsgi",
        "--port",
        str(port),
        "--log-level",
        "error",
    ]
    command = [sys.executable, "-m", "granian", *arguments]
    process = subprocess.Popen(command, cwd=cwd, env=environment, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while not answers(port):
            assert process.poll() is None
            assert time.monotonic() < deadline, "The server does not answer."
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def answers(port):
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except ConnectionError:
        return False
    finally:
        connection.close()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
