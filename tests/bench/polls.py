"""Feed polls: the number of them that one core answers in a second.

`python -m tests.bench.polls DIR` imports an archive folder and measures only this; `make bench ARGS=DIR`
prints it too.
"""

import sys
import time
from contextlib import closing
from statistics import median

from tests.bench.requests import environ_for

FEED = "/atom/everything/"
ROUNDS = 9
REQUESTS = 200
READERS, MINUTES = 50_000, 15


def measure():
    """Return figures by name."""
    from django.core.handlers.wsgi import WSGIHandler

    from blog.caching.change_log import ChangeLog
    from blog.caching.response_cache import ResponseCache
    from blog.feeds.subscribers import SubscriberCounter

    with closing(ChangeLog()) as database:
        return measure_application(SubscriberCounter(ResponseCache(WSGIHandler(), database)))


def measure_application(application):
    """Measure the empty view and both polls in turns, so that load on the machine affects all alike."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    with override_settings(MIDDLEWARE=[]):
        empty = WSGIHandler()
    _, headers, size = request(application, FEED, HTTP_ACCEPT_ENCODING="gzip")
    known = {"HTTP_IF_NONE_MATCH": headers["ETag"], "HTTP_ACCEPT_ENCODING": "gzip"}
    polls = {
        "empty Django view": (empty, "/", {}, 200),
        "poll, 304": (application, FEED, known, 304),
        "poll, 200": (application, FEED, {"HTTP_ACCEPT_ENCODING": "gzip"}, 200),
    }
    rates = {name: [] for name in polls}
    for _ in range(ROUNDS):
        for name, poll in polls.items():
            with override_settings(
                ROOT_URLCONF="tests.bench.empty_view" if "empty" in name else "weblog.urls"
            ):
                rates[name].append(rate(*poll))
    return format_figures({name: median(values) for name, values in rates.items()}, size)


def format_figures(rates, size):
    empty_rate = rates["empty Django view"]
    figures = {
        f"{name}, per second of one core": f"{number:,.0f} {number / empty_rate:8.2f} of the empty view"
        for name, number in rates.items()
    }
    polls = READERS / (MINUTES * 60)
    share = f"{polls:.1f} per second, {100 * polls / rates['poll, 304']:.1f} % of a core"
    return figures | {
        f"{READERS:,} readers every {MINUTES} minutes, 304": share,
        "the feed, compressed": f"{size / 1024:,.0f} KB",
    }


def rate(application, path, headers, status):
    """Return requests per second of processor time."""
    start = time.process_time()
    for _ in range(REQUESTS):
        assert request(application, path, **headers)[0] == status
    return REQUESTS / (time.process_time() - start)


def request(application, path, **headers):
    """Return status, headers and body size of a request to the application, without the network."""
    started = []
    response = application(environ_for(path, **headers), lambda *arguments: started.append(arguments))
    size = sum(map(len, response))
    getattr(response, "close", lambda: None)()
    [(status, response_headers)] = started
    return int(status[:3]), dict(response_headers), size


if __name__ == "__main__":
    from tests.bench.__main__ import main

    main(sys.argv[1:], "polls")
