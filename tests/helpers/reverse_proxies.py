"""Run Varnish and nginx with the configuration in docs/, in front of the weblog on loopback ports."""

import re
import socket
import subprocess
import time
from contextlib import contextmanager

from tests.helpers.processes import ROOT
from tests.helpers.programs import require_program


def code_block(page, language, containing):
    """Return the only block of code in that language on a page of docs/ that contains a text."""
    blocks = re.findall(
        rf"^```{language}\n(.*?)^```", (ROOT / "docs" / page).read_text(), re.MULTILINE | re.DOTALL
    )
    [found] = [block for block in blocks if containing in block]
    return found


def with_ports(configuration, **ports):
    """Replace the ports in a configuration: `p8000=1234` puts 1234 for 8000."""
    for name, port in ports.items():
        old = name.removeprefix("p")
        assert old in configuration
        configuration = configuration.replace(old, str(port))
    return configuration


@contextmanager
def varnish(folder, weblog, readers, purge):
    """Run Varnish with a port for readers and one for purges, in front of the weblog's port."""
    program = require_program("varnishd", "varnish")
    vcl = folder / "default.vcl"
    vcl.write_text(with_ports(code_block("caching.md", "vcl", "vcl_recv"), p8000=weblog))
    command = with_ports(code_block("caching.md", "sh", "varnishd"), p6081=readers, p6082=purge).split()
    arguments = [str(vcl) if argument.endswith(".vcl") else argument for argument in command[1:]]
    # Only here: no daemon, no change of user, and its own folder.
    arguments = ["-F", "-j", "none", "-n", str(folder / "varnish"), *arguments]
    with run_server([program, *arguments], folder / "varnish.log", readers):
        yield


@contextmanager
def nginx(folder, port, target):
    """Run nginx on a port, without HTTPS, in front of the target's port."""
    program = require_program("nginx")
    location = with_ports(code_block("running.md", "nginx", "proxy_pass"), p8000=target)
    location = location.replace("$scheme", "https")
    temporary = "".join(
        f"{name}_temp_path {folder};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log stderr; events {{}}"
        f"http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{port}; {location} }} }}"
    )
    command = [program, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    with run_server(command, folder / "nginx.log", port):
        yield


@contextmanager
def run_server(command, log, port):
    with open(log, "wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 60
        while not is_listening(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, f"{command[0]} does not listen on port {port}."
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def is_listening(port):
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0
