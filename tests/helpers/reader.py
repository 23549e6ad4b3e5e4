"""A client that asks as a web server does: through what answers before Django."""

from contextlib import contextmanager

from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.http import HttpResponse
from django.http.response import ResponseHeaders
from django.test import Client

from blog.caching.response_cache import ResponseCache
from blog.caching.site_version_reader import SiteVersionReader
from blog.feeds.subscribers import SubscriberCounter
from blog.models import SiteState


class DatabaseOfTest(SiteVersionReader):
    """Asks over Django's connection, which alone sees what a test has not committed."""

    def ask(self):
        return SiteState.objects.values_list("version", "next_due").first() or (None, None)


class Reader(Client):
    def __init__(self, database=None, **defaults):
        super().__init__(**defaults)
        self.pages = ResponseCache(get_wsgi_application(), database or DatabaseOfTest())
        self.application = SubscriberCounter(self.pages)

    def request(self, **request):
        answered = []
        environ = self._base_environ(**request)
        with connections_that_stay():
            body = self.application(environ, lambda *answer: answered.append(answer))
            [(status, headers)] = answered
            response = HttpResponse(b"".join(body), status=int(status[:3]))
            response.headers = ResponseHeaders(dict(headers))
            getattr(body, "close", lambda: None)()
        return response


@contextmanager
def connections_that_stay():
    """Django would close the connection of a test that has not committed."""
    around = (request_started, request_finished)
    for signal in around:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in around:
            signal.connect(close_old_connections)
