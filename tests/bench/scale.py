"""Makes up an archive in one empty database and measures its pages. Run by `tests.bench`.

Cold pages are rendered for every request, as they are after any change of the site: no page is kept, but the
process remembers posts that it has shown. One is measured without that, too. Their work is processor time of
the web process, and of the database's process where it is another one on the same machine; the fastest of
several requests counts, since machines are noisy.
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
    logging.disable()  # each “not found” would be a line
    call_command("migrate", verbosity=0)
    generation = generate(number)
    Path(report).write_text(
        json.dumps({"generation": generation, "work": work(), "served": measure_served()})
    )


def generate(number):
    """Seconds by the clock and of the processor that the command takes."""
    start = time.perf_counter()
    command = [sys.executable, "manage.py", "generate_posts", str(number), "--seed", str(SEED)]
    subprocess.run(command, check=True, capture_output=True)
    seconds = time.perf_counter() - start
    connection.close()  # SQLite reads what it knows of its rows when a connection is opened
    if connection.vendor == "postgresql":  # what it does by itself before long
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("CHECKPOINT")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"seconds": seconds, "busy": used.ru_utime + used.ru_stime}


def work():
    """{page: {"queries": …, "ms": …}}, the bare view first."""
    from blog.models import current_settings

    with override_settings(MIDDLEWARE=[], ROOT_URLCONF="tests.bench.bare"):
        found = {"bare view": cost(getting(WSGIHandler(), "/"))}
    application = WSGIHandler()
    paths = pages.every()
    current_settings()  # which else the first page would have read
    found |= {name: cost(getting(application, path)) for name, path in paths.items()}
    found["tag, nothing remembered"] = cost(forgetting(application, paths["tag"]))
    return found | {name: cost(act) for name, act in authoring.every().items()}


def getting(application, path):
    return lambda: lambda: int(request(application, path)[0][:3])


def forgetting(application, path):
    """As the first request to a new process."""

    def prepare():
        clear_process_caches()
        return lambda: int(request(application, path)[0][:3])

    return prepare


def cost(prepare):
    """Of the act that a function prepares, several times."""
    queries, act = [], prepare()
    with connection.execute_wrapper(lambda execute, *query: queries.append(query[0]) or execute(*query)):
        status = act()
    times = []
    while len(times) < REQUESTS:
        act = prepare()
        before = database_time() + time.process_time()
        act()
        busy = database_time() + time.process_time() - before
        times += [busy] if busy > 0 else []  # the connection was made anew meanwhile, to another process
    failed = {} if status == 200 else {"status": str(status)}
    return {"queries": len(queries), "ms": 1000 * min(times), **failed}


def database_time():
    """Seconds of the processor that the connection's own process at the database has used."""
    if connection.vendor == "sqlite" or not connection.connection:
        return 0
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(told.read_text().split()[0]) / 1e9 if told.exists() else 0


def measure_served():
    """The same server with pages that are kept, without, and with a bare view; they take turns."""
    found = {"memory": {}, "pages": {}}
    with (
        served.serving("weblog.wsgi") as cold,
        served.serving("weblog.wsgi", RESPONSE_CACHE_URL="") as kept,
        served.serving("tests.bench.bare_wsgi") as bare,
    ):
        for name, path in pages.served().items():
            found["pages"][name] = measure_page(path, cold, kept, bare)
        for name, server in {"rendering": cold, "giving out": kept, "bare view": bare}.items():
            found["memory"][name] = server.peak_memory()
    return found


def measure_page(path, cold, kept, bare):
    """Of several rounds the middle one counts: other work on the machine comes and goes within seconds.

    A page that is rendered anew is measured once: it takes so long that this matters less.
    """
    etag, size = served.get(kept, path)
    rounds = [measure_round(path, kept, bare, etag) for _ in range(ROUNDS)]
    told = {case: middle([speeds[case] for speeds in rounds]) for case in rounds[0]}
    bare_rate = told.pop("bare")["rate"]
    speed = served.measure(cold, path)
    told["cold"] = {"rate": speed.rate, "latency": speed.latency, "share": speed.rate / bare_rate}
    return {"bytes": size, "bare": bare_rate, **told}


def measure_round(path, kept, bare, etag):
    """One server after the other: each one's share is of what the bare view gave out right before."""
    speeds = {
        "bare": served.measure(bare, "/"),
        "kept": served.measure(kept, path),
        "304": served.measure(kept, path, f"If-None-Match: {etag}"),
    }
    return {
        case: {"rate": speed.rate, "latency": speed.latency, "share": speed.rate / speeds["bare"].rate}
        for case, speed in speeds.items()
    }


def middle(speeds):
    return {name: median(speed[name] for speed in speeds) for name in speeds[0]}


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
