"""Varnish and nginx as docs/ configure them, in front of the weblog on loopback ports."""

import re
import socket
import subprocess
import time
from contextlib import contextmanager

from tests.helpers.processes import ROOT
from tests.helpers.programs import require_program


def block(page, language, having):
    """The one block of that language in a page of docs/ that has these words."""
    blocks = re.findall(
        rf"^```{language}\n(.*?)^```", (ROOT / "docs" / page).read_text(), re.MULTILINE | re.DOTALL
    )
    [found] = [block for block in blocks if having in block]
    return found


def moved(configuration, **ports):
    """The configuration with other ports for those that it names: `p8000=1234`."""
    for name, port in ports.items():
        old = name.removeprefix("p")
        assert old in configuration
        configuration = configuration.replace(old, str(port))
    return configuration


@contextmanager
def varnish(folder, weblog, readers, purge):
    """Varnish between the ports of its readers and of purges, and that of the weblog."""
    program = require_program("varnishd", "varnish")
    vcl = folder / "default.vcl"
    vcl.write_text(moved(block("caching.md", "vcl", "vcl_recv"), p8000=weblog))
    command = moved(block("caching.md", "sh", "varnishd"), p6081=readers, p6082=purge).split()
    arguments = [str(vcl) if argument.endswith(".vcl") else argument for argument in command[1:]]
    # For the test alone: no daemon, no other user, and a folder of its own.
    arguments = ["-F", "-j", "none", "-n", str(folder / "varnish"), *arguments]
    with running([program, *arguments], folder / "varnish.log", readers):
        yield


@contextmanager
def nginx(folder, port, target):
    """nginx between its port and that of the target, without HTTPS."""
    program = require_program("nginx")
    location = moved(block("running.md", "nginx", "proxy_pass"), p8000=target)
    location = location.replace("$scheme", "https")
    temporary = "".join(
        f"{name}_temp_path {folder};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log stderr; events {{}}"
        f"http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{port}; {location} }} }}"
    )
    command = [program, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    with running(command, folder / "nginx.log", port):
        yield


@contextmanager
def running(command, log, port):
    with open(log, "wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 60
        while not listens(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, f"{command[0]} does not listen."
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def listens(port):
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0
