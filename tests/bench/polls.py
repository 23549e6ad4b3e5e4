"""What feed readers cost that ask for news: how many of them one core answers in a second.

`python -m tests.bench.polls` imports an archive as `make bench` does, which prints this with the rest.
"""

import sys
import time
from contextlib import closing
from io import BytesIO
from statistics import median

FEED = "/atom/everything/"
ROUNDS = 9
REQUESTS = 200
READERS, MINUTES = 50_000, 15


def measure():
    """Figures by name."""
    from django.core.handlers.wsgi import WSGIHandler

    from blog.caching.response_cache import ResponseCache
    from blog.caching.site_version_reader import SiteVersionReader
    from blog.feeds.subscribers import SubscriberCounter

    with closing(SiteVersionReader()) as database:
        return measure_application(SubscriberCounter(ResponseCache(WSGIHandler(), database)))


def measure_application(application):
    """The three take turns, so that a busy machine is as busy for all of them."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    with override_settings(MIDDLEWARE=[]):
        bare = WSGIHandler()
    _, headers, size = ask(application, FEED, HTTP_ACCEPT_ENCODING="gzip")
    known = {"HTTP_IF_NONE_MATCH": headers["ETag"], "HTTP_ACCEPT_ENCODING": "gzip"}
    polls = {
        "bare Django view": (bare, "/", {}, 200),
        "poll, 304": (application, FEED, known, 304),
        "poll, 200": (application, FEED, {"HTTP_ACCEPT_ENCODING": "gzip"}, 200),
    }
    rates = {name: [] for name in polls}
    for _ in range(ROUNDS):
        for name, poll in polls.items():
            with override_settings(ROOT_URLCONF="tests.bench.bare" if "bare" in name else "weblog.urls"):
                rates[name].append(rate(*poll))
    return told({name: median(found) for name, found in rates.items()}, size)


def told(rates, size):
    bare = rates["bare Django view"]
    figures = {
        f"{name}, a second of one core": f"{number:,.0f} {number / bare:8.2f} of the bare view"
        for name, number in rates.items()
    }
    polls = READERS / (MINUTES * 60)
    share = f"{polls:.1f} a second, {100 * polls / rates['poll, 304']:.1f} % of a core"
    return figures | {
        f"{READERS:,} readers every {MINUTES} minutes, 304": share,
        "the feed, packed": f"{size / 1024:,.0f} KB",
    }


def rate(application, path, headers, status):
    """Requests for a second of processor time."""
    began = time.process_time()
    for _ in range(REQUESTS):
        assert ask(application, path, **headers)[0] == status
    return REQUESTS / (time.process_time() - began)


def ask(application, path, **headers):
    """Status, headers and bytes of the answer: through all middleware, without the network."""
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        **headers,
    }
    answered = []
    response = application(environ, lambda *answer: answered.append(answer))
    size = sum(map(len, response))
    getattr(response, "close", lambda: None)()
    [(status, found)] = answered
    return int(status[:3]), dict(found), size


if __name__ == "__main__":
    from tests.bench.__main__ import main

    main(sys.argv[1:], "polls")
