"""A test client that sends requests through the response cache, as the web server does."""

from contextlib import contextmanager

from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.http import HttpResponse
from django.http.response import ResponseHeaders
from django.test import Client

from blog.caching.change_log import ChangeLog
from blog.caching.response_cache import ResponseCache
from blog.feeds.subscribers import SubscriberCounter
from blog.models import Change, SiteState


class TransactionChangeLog(ChangeLog):
    """Reads over Django's connection, the only one that sees the open transaction of a test."""

    def query(self):
        return SiteState.objects.values_list("version", "next_due").first() or (None, None)

    def changes(self, first):
        return list(Change.objects.filter(pk__gte=first).order_by("pk").values_list("pk", "version", "key"))


class Reader(Client):
    def __init__(self, change_log=None, **defaults):
        super().__init__(**defaults)
        self.response_cache = ResponseCache(get_wsgi_application(), change_log or TransactionChangeLog())
        self.application = SubscriberCounter(self.response_cache)

    def request(self, **request):
        started = []
        environ = self._base_environ(**request)
        with open_connections():
            body = self.application(environ, lambda *arguments: started.append(arguments))
            [(status, headers)] = started
            response = HttpResponse(b"".join(body), status=int(status[:3]))
            response.headers = ResponseHeaders(dict(headers))
            getattr(body, "close", lambda: None)()
        return response


@contextmanager
def open_connections():
    """Keep Django from closing the connection, and with it the open transaction of a test."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
