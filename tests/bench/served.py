"""What the web server gives out of pages that are kept: requests in a second, beside a bare Django view."""

import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median

from tests.processes import ROOT, free_port

SECONDS = 2
READERS = 4


def measure(pages):
    """Figures by name. The bare view is measured before and after each page, since machines are noisy."""
    figures = {}
    with serving("weblog.settings") as site, serving("tests.bench.bare") as bare:
        for name, path in pages.items():
            etag = get(site, path)[1]
            for case, headers in {name: "", f"{name}, 304": f"If-None-Match: {etag}\r\n"}.items():
                before, (rate, latency, size), after = (
                    ask(bare, "/"),
                    ask(site, path, headers),
                    ask(bare, "/"),
                )
                share = rate / (before[0] + after[0]) * 2
                figures[f"served: {case}"] = (
                    f"{rate:,.0f}/s {latency * 1000:6.2f} ms {size:7,} bytes, {share:.2f} of a bare view"
                )
    return figures


@contextmanager
def serving(settings):
    """A web server with one process on a loopback port."""
    port = free_port()
    arguments = [
        "weblog.wsgi:application",
        "--interface",
        "wsgi",
        "--port",
        str(port),
        "--log-level",
        "error",
    ]
    command = [sys.executable, "-m", "granian", *arguments, "--blocking-threads", "4", "--no-ws"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"DJANGO_SETTINGS_MODULE": settings})
    try:
        while not listens(port):
            assert process.poll() is None
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def listens(port):
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


def ask(port, path, headers=""):
    """Requests in a second, the median time of one, and bytes of an answer."""
    for _ in range(20):
        get(port, path, headers)
    until = time.perf_counter() + SECONDS

    def read(_):
        times = []
        with socket.create_connection(("127.0.0.1", port)) as connection:
            while (start := time.perf_counter()) < until:
                size = len(exchange(connection, path, headers))
                times.append(time.perf_counter() - start)
        return times, size

    with ThreadPoolExecutor(READERS) as readers:
        results = list(readers.map(read, range(READERS)))
    times = [seconds for of_one, _ in results for seconds in of_one]
    return len(times) / SECONDS, median(times), results[0][1]


def get(port, path, headers=""):
    """The answer and its ETag."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        answer = exchange(connection, path, headers)
    lines = answer.partition(b"\r\n\r\n")[0].decode("latin-1").splitlines()
    return answer, next((line.partition(": ")[2] for line in lines if line.lower().startswith("etag:")), "")


def exchange(connection, path, headers):
    """One request and its whole answer, over a connection that is kept."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n{headers}\r\n"
    connection.sendall(request.encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536)
    head, _, body = answer.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0].split(b":")[1]) if lengths and b" 304 " not in head else 0
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
