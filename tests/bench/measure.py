"""Fills one empty database and measures it. Run by `tests.bench`, with the database in DATABASE_URL."""

import json
import logging
import resource
import subprocess
import sys
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import django
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import override_settings
from django.urls import reverse

from tests.bench import known_items, polls, served

REQUESTS = 25
POSTS_MADE_UP = 2000
#: As many alternatives as a query can have, as many of them as can be of the sort that costs the most.
BEGINNINGS = ("co", "re", "de", "in", "pr", "st", "un", "th", "wh", "su", "ex", "pa")
WILDEST = " or ".join(f"{beginning}*" for beginning in BEGINNINGS)


def main(archive, report, *parts):
    """Measures the parts that are named, or all there are: `pages`, `polls` and `known items`."""
    django.setup()
    logging.disable()  # each “not found” would be a line
    call_command("migrate", verbosity=0)
    figures = import_archive(archive) if Path(archive).is_dir() else {}
    if not figures:
        make_up_posts()
    measured = {"pages": measure_pages, "polls": polls.measure, "known items": known_items.measure}
    for part in parts or measured:
        figures |= measured[part]()
    Path(report).write_text(json.dumps(figures))


def import_archive(archive):
    """How fast and in how much memory the command imports, and how fast it finds nothing to do."""
    from blog.models import Post

    seconds = run_import(archive)
    if seconds is None:
        return {}
    of_the_process = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = of_the_process.ru_utime + of_the_process.ru_stime
    posts = Post.objects.count()
    return {
        "posts imported": f"{posts:,}",
        "import": f"{seconds:.1f} s {busy:8.1f} s CPU",
        "posts per second": f"{posts / seconds:,.0f}",
        "peak memory": f"{of_the_process.ru_maxrss / 1024:.0f} MB",
        "second import": f"{run_import(archive):.1f} s",
    }


def run_import(archive):
    """Seconds that the process took, or None where it failed."""
    command = [sys.executable, "manage.py", "import_archive", archive]
    start = time.perf_counter()
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    if process.returncode:
        print(f"The archive was not imported: {process.stderr.strip()}")
        return None
    return time.perf_counter() - start


def make_up_posts():
    from django.db import transaction

    from tests.factories import make_timeline

    print(f"Measuring pages with {POSTS_MADE_UP:,} made-up posts.")
    with transaction.atomic():
        make_timeline(POSTS_MADE_UP, step=timedelta(hours=3))


def measure_pages():
    from weblog.wsgi import application

    with override_settings(MIDDLEWARE=[], ROOT_URLCONF="tests.bench.bare"):
        figures = {"bare Django view": measure_page(WSGIHandler(), "/")}
    for name, path in pages().items():
        figures[name] = measure_page(application, path, before=caches["pages"].clear)
        if "search" not in name and name not in {"health check", "not found"}:
            figures[f"{name}, kept"] = measure_page(application, path)
    return figures | served.measure(kept_pages())


def kept_pages():
    names = ("home", "day", "month", "year", "permalink", "tag", "search", "feed")
    return {name: path for name, path in pages().items() if name in names}


def pages():
    """Paths by name: of what is a list, one of the longest."""
    from blog.models import Post, Tag
    from blog.views.base import PAGE_SIZE

    posts = Post.objects.published()
    day = busiest(posts, "day")
    kind = Post.kinds()[busiest(posts, "kind")]
    middle = posts.filter(kind=kind._meta.model_name).count() // PAGE_SIZE // 2
    tag = Tag.objects.annotate(number=Count("taggings")).latest("number")
    return {
        "health check": "/healthz",
        "home": reverse("home"),
        "year": reverse("year", args=[day]),
        "month": reverse("month", args=[day]),
        "day": reverse("day", args=[day]),
        "permalink": posts.filter(kind="entry").newest_first().first().get_absolute_url(),
        "tag": tag.get_absolute_url(),
        "listing": reverse(kind.listing),
        "listing, middle": f"{reverse(kind.listing)}?page={middle}",
        "feed": reverse("feed-everything"),
        "feed of a tag": reverse("feed-tag", args=[tag.slug]),
        "search": f"{reverse('search')}?q={tag.slug}",
        "search for what is everywhere": f"{reverse('search')}?q=the",
        "search, the wildest": f"{reverse('search')}?{urlencode({'q': WILDEST})}",
        "tags index": reverse("tags"),
        "not found": "/there/is/no/such/page/",
    }


def busiest(posts, field):
    """The value that most of the posts have."""
    return posts.order_by().values_list(field).annotate(number=Count("pk")).latest("number", field)[0]


def measure_page(application, path, before=lambda: None):
    """Queries of one request, median times of several after it, and the status if it is not 200.

    CPU time is the web process's alone; it tells more than the clock where the machine is busy.
    """
    queries = []
    status, _ = request(application, path)
    before()
    with connection.execute_wrapper(lambda execute, *query: queries.append(query[0]) or execute(*query)):
        request(application, path)
    times = []
    for _ in range(REQUESTS):
        before()
        times.append(request(application, path)[1])
    failed = "" if status == "200 OK" else f"({status[:3]}) "
    elapsed, busy = (median(column) * 1000 for column in zip(*times, strict=True))
    return f"{failed}{len(queries)} queries {elapsed:8.2f} ms {busy:8.2f} ms CPU"


def request(application, path):
    """Status, and seconds by the clock and of the processor: through all middleware, without the network."""
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
    answered = []
    start, start_busy = time.perf_counter(), time.process_time()
    response = application(environ, lambda status, headers: answered.append(status))
    b"".join(response)
    response.close()
    return answered[0], (time.perf_counter() - start, time.process_time() - start_busy)


if __name__ == "__main__":
    main(*sys.argv[1:])
