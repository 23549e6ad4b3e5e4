"""The throughput, latency and memory of a real web server.

Requests come from wrk if it is installed. Otherwise they come from Python threads, which compete with the
server for the processor.
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
CONNECTIONS = 4
ENCODING = "Accept-Encoding: gzip"
WRK = shutil.which("wrk")


@dataclass(frozen=True)
class Server:
    """A server on a loopback port, with one worker."""

    port: int
    pid: int

    def peak_memory(self):
        """Return the peak MB of the worker, or of the process if it has no worker."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        status = Path(f"/proc/{(children or [self.pid])[0]}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


@dataclass(frozen=True)
class Speed:
    rate: float  # requests per second
    latency: float  # milliseconds, the median


@contextmanager
def serving(application, **environment):
    """Run the production server with one worker."""
    port = free_port()
    command = [ROOT / "bin" / "serve", "--port", str(port), "--workers", "1"]
    process_environment = os.environ | {"APPLICATION": f"{application}:application"} | environment
    process = subprocess.Popen(command, cwd=ROOT, env=process_environment)
    try:
        while not is_listening(port):
            assert process.poll() is None
            time.sleep(0.1)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def is_listening(port):
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


def measure(server, path, *headers):
    """Measure the speed of a path after a few requests to warm up."""
    for _ in range(5):
        get(server, path, *headers)
    return (measure_with_wrk if WRK else measure_with_threads)(server.port, path, [ENCODING, *headers])


def measure_with_wrk(port, path, headers):
    options = [word for header in headers for word in ("--header", header)]
    amount = ["--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{SECONDS}s", "--latency"]
    command = [WRK, *amount, *options, f"http://127.0.0.1:{port}{path}"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    number, unit = re.search(r"50%\s+([\d.]+)(us|ms|s)\b", output).groups()
    latency = float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    return Speed(float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1]), latency)


def measure_with_threads(port, path, headers):
    deadline = time.perf_counter() + SECONDS

    def request(_):
        times = []
        with connect(port) as connection:
            while (start := time.perf_counter()) < deadline:
                exchange(connection, path, headers)
                times.append(time.perf_counter() - start)
        return times

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        times = [seconds for times in threads.map(request, range(CONNECTIONS)) for seconds in times]
    return Speed(len(times) / SECONDS, 1000 * median(times))


def get(server, path, *headers):
    """Request a path. Returns its ETag and the size of the body."""
    with connect(server.port) as connection:
        response, body = exchange(connection, path, [ENCODING, *headers])
    return response.headers.get("ETag", ""), len(body)


def connect(port):
    return closing(HTTPConnection("127.0.0.1", port, timeout=30))


def exchange(connection, path, headers):
    """Send a request over the open connection. Returns the response and its body."""
    connection.request("GET", path, headers=dict(header.split(": ", 1) for header in headers))
    response = connection.getresponse()
    return response, response.read()
