"""Generate an archive in an empty database and measure its pages. Run by `tests.bench`.

Uncached pages are rendered for every request, as after any change of the site: the response cache is off, but
the process has its cached fragments. One page is measured without those too. The cost of a page is the
processor time of the web process, and of the database's process if there is one on the same machine. The
fastest of several requests counts, since machines are noisy.
"""

import json
import logging
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import django
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from tests.bench import authoring, pages, served
from tests.bench.requests import request
from tests.helpers.process_caches import clear_process_caches

SEED = 1
REQUESTS = 9
ROUNDS = 3


def main(number, report):
    django.setup()
    logging.disable()  # one line per 404
    call_command("migrate", verbosity=0)
    generation = generate(number)
    Path(report).write_text(
        json.dumps({"generation": generation, "uncached": measure_uncached(), "served": measure_served()})
    )


def generate(number):
    """Generate posts. Returns the wall-clock seconds and the processor seconds of the command."""
    start = time.perf_counter()
    command = [sys.executable, "manage.py", "generate_posts", str(number), "--seed", str(SEED)]
    subprocess.run(command, check=True, capture_output=True)
    seconds = time.perf_counter() - start
    connection.close()  # SQLite loads its statistics when a connection is opened
    if connection.vendor == "postgresql":  # autovacuum does so before long
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("CHECKPOINT")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime}


def measure_uncached():
    """Return {page: {"queries": …, "ms": …}}, beginning with the empty view."""
    from blog.models import current_settings

    with override_settings(MIDDLEWARE=[], ROOT_URLCONF="tests.bench.empty_view"):
        costs = {"empty view": cost(getting(WSGIHandler(), "/"))}
    application = WSGIHandler()
    paths = pages.all_paths()
    current_settings()  # or the first page would have to read them
    costs |= {name: cost(getting(application, path)) for name, path in paths.items()}
    costs["tag, empty caches"] = cost(getting_with_empty_caches(application, paths["tag"]))
    return costs | {name: cost(prepare) for name, prepare in authoring.admin_requests().items()}


def getting(application, path):
    return lambda: lambda: int(request(application, path)[0][:3])


def getting_with_empty_caches(application, path):
    """Empty the process's caches before each request, as in a new process."""

    def prepare():
        clear_process_caches()
        return lambda: int(request(application, path)[0][:3])

    return prepare


def cost(prepare):
    """Measure a request several times. `prepare` returns a function that sends it and returns the status."""
    queries, send = [], prepare()
    with connection.execute_wrapper(lambda execute, *query: queries.append(query[0]) or execute(*query)):
        status = send()
    times = []
    while len(times) < REQUESTS:
        send = prepare()
        before = database_time() + time.process_time()
        send()
        seconds = database_time() + time.process_time() - before
        times += [seconds] if seconds > 0 else []  # negative after a reconnect to another database process
    failed = {} if status == 200 else {"status": str(status)}
    return {"queries": len(queries), "ms": 1000 * min(times), **failed}


def database_time():
    """Return the processor seconds used by the connection's process of PostgreSQL."""
    if connection.vendor == "sqlite" or not connection.connection:
        return 0
    schedstat = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(schedstat.read_text().split()[0]) / 1e9 if schedstat.exists() else 0


def measure_served():
    """Measure servers with the response cache, without it, and with the empty view, in turns."""
    figures = {"memory": {}, "pages": {}}
    with (
        served.serving("weblog.wsgi") as uncached,
        served.serving("weblog.wsgi", RESPONSE_CACHE_URL="") as cached,
        served.serving("tests.bench.empty_view_wsgi") as empty,
    ):
        for name, path in pages.served_paths().items():
            figures["pages"][name] = measure_page(path, uncached, cached, empty)
        for name, server in {"uncached": uncached, "cached": cached, "empty view": empty}.items():
            figures["memory"][name] = server.peak_memory()
    return figures


def measure_page(path, uncached, cached, empty):
    """Return the medians of several rounds, since other load on the machine varies within seconds.

    The uncached page is measured once: it takes so long that this matters less.
    """
    etag, size = served.get(cached, path)
    rounds = [measure_round(path, cached, empty, etag) for _ in range(ROUNDS)]
    page = {case: medians([speeds[case] for speeds in rounds]) for case in rounds[0]}
    empty_rate = page.pop("empty")["rate"]
    speed = served.measure(uncached, path)
    page["uncached"] = {"rate": speed.rate, "latency": speed.latency, "share": speed.rate / empty_rate}
    return {"bytes": size, "empty": empty_rate, **page}


def measure_round(path, cached, empty, etag):
    """Measure one server after the other. Shares are relative to the empty view, measured just before."""
    speeds = {
        "empty": served.measure(empty, "/"),
        "cached": served.measure(cached, path),
        "304": served.measure(cached, path, f"If-None-Match: {etag}"),
    }
    return {
        case: {"rate": speed.rate, "latency": speed.latency, "share": speed.rate / speeds["empty"].rate}
        for case, speed in speeds.items()
    }


def medians(speeds):
    return {name: median(speed[name] for speed in speeds) for name in speeds[0]}


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
