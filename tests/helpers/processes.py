"""Starting processes of the project from tests."""

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


def process_environment(**overrides):
    """This process's environment without the project's own variables, except SECRET_KEY and the overrides."""
    own_variables = environment.names | {"DJANGO_SETTINGS_MODULE", "TEST_DATABASE_URL"}
    inherited = {name: value for name, value in os.environ.items() if name not in own_variables}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return inherited | {"PATH": path, "ENV_FILE": os.devnull, "SECRET_KEY": SECRET_KEY} | overrides


def collect_static(environment):
    """Run collectstatic if static/ has changed. A lock lets only one test process do so at a time."""
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
    """Serve the weblog on a loopback port. Errors are written to the open file `log`."""
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
        while not is_healthy(port):
            assert process.poll() is None
            assert time.monotonic() < deadline, "The server did not start within a minute."
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def is_healthy(port):
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
