"""What a web server gives out: requests in a second, how long one takes, and the memory of its worker.

The requests come from wrk where the machine has it, since it costs little; else from threads of Python,
which take a good part of the machine away from the server.
"""

import os
import re
import shutil
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from tests.helpers.processes import ROOT, free_port

SECONDS = 1
READERS = 4
ENCODING = "Accept-Encoding: gzip"
WRK = shutil.which("wrk")


@dataclass(frozen=True)
class Server:
    """One worker on a loopback port."""

    port: int
    pid: int

    def peak_memory(self):
        """MB at most of the process, of the worker if it has one."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        status = Path(f"/proc/{(children or [self.pid])[0]}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


@dataclass(frozen=True)
class Speed:
    rate: float  # requests in a second
    latency: float  # milliseconds, the median


@contextmanager
def serving(application, **environment):
    """The server that production uses, with one worker."""
    port = free_port()
    command = [ROOT / "bin" / "serve", "--port", str(port), "--workers", "1"]
    variables = os.environ | {"APPLICATION": f"{application}:application"} | environment
    process = subprocess.Popen(command, cwd=ROOT, env=variables)
    try:
        while not listens(port):
            assert process.poll() is None
            time.sleep(0.1)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def listens(port):
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


def measure(server, path, *headers):
    """How fast it answers once it has answered some."""
    for _ in range(5):
        get(server, path, *headers)
    return (by_wrk if WRK else by_python)(server.port, path, [ENCODING, *headers])


def by_wrk(port, path, headers):
    options = [word for header in headers for word in ("--header", header)]
    amount = ["--threads", "1", "--connections", str(READERS), "--duration", f"{SECONDS}s", "--latency"]
    command = [WRK, *amount, *options, f"http://127.0.0.1:{port}{path}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    number, unit = re.search(r"50%\s+([\d.]+)(us|ms|s)\b", told).groups()
    latency = float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    return Speed(float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1]), latency)


def by_python(port, path, headers):
    until = time.perf_counter() + SECONDS

    def read(_):
        times = []
        with connect(port) as connection:
            while (start := time.perf_counter()) < until:
                exchange(connection, path, headers)
                times.append(time.perf_counter() - start)
        return times

    with ThreadPoolExecutor(READERS) as readers:
        times = [seconds for of_one in readers.map(read, range(READERS)) for seconds in of_one]
    return Speed(len(times) / SECONDS, 1000 * median(times))


def get(server, path, *headers):
    """Its ETag and the bytes of the body."""
    with connect(server.port) as connection:
        answer, body = exchange(connection, path, [ENCODING, *headers])
    return answer.headers.get("ETag", ""), len(body)


def connect(port):
    return closing(HTTPConnection("127.0.0.1", port, timeout=30))


def exchange(connection, path, headers):
    """One request and its whole answer, over a connection that is kept."""
    connection.request("GET", path, headers=dict(header.split(": ", 1) for header in headers))
    answer = connection.getresponse()
    return answer, answer.read()
