"""Cache headers for browsers, proxies and the cache in front, and the surrogate keys of each response."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase

from blog.database import reads

from . import purgers, triggers
from .cached_page import CACHE_CONTROL
from .purge_worker import purge_thread
from .response_cache import (
    REQUEST_KEYS,
    REQUEST_VERSION,
    has_personal_cookie,
    is_cacheable,
    is_public,
    known_parameters,
)
from .surrogate_keys import header_value, response_keys

PRIVATE = "private, max-age=0, must-revalidate"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

unwatched_tables = cache(triggers.unwatched_tables)


class CacheMiddleware:
    """Gather the surrogate keys of public pages, for the response cache and for the cache in front.

    Every other cache must revalidate, error responses included: without a `Cache-Control` header, caches
    store even a 404.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.purger = purgers.from_settings()
        if self.purger:
            purge_thread.start()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        respond = self.respond_publicly if is_public(request.META) else self.get_response
        response = respond(request)
        is_private = has_personal_cookie(request.META) or response.cookies
        response.setdefault("Cache-Control", PRIVATE if is_private else CACHE_CONTROL)
        if self.purger:
            if is_cacheable(response) and request.META.get(REQUEST_KEYS):
                self.allow_shared_caching(self.purger, request, response)
            if request.method not in SAFE_METHODS:
                purge_thread.start()
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Hide parameters that are not part of the key under which the response is cached."""
        if is_public(request.META) and request.META["QUERY_STRING"]:
            known = known_parameters(request.META["QUERY_STRING"])
            request.GET: Any = QueryDict(known.encode("latin-1"), encoding="utf-8")  # type: ignore[misc]

    def respond_publicly(self, request: HttpRequest) -> HttpResponseBase:
        with reads.collect() as read:
            response = self.get_response(request)
        keys = response_keys(read, unwatched_tables())
        if keys and request.META.get(REQUEST_VERSION, triggers.NO_VERSION) != triggers.NO_VERSION:
            request.META[REQUEST_KEYS] = keys
        return response

    def allow_shared_caching(
        self, purger: purgers.Purger, request: HttpRequest, response: HttpResponse
    ) -> None:
        """Add surrogate keys and `s-maxage`, unless the view sets `s-maxage` itself.

        Feeds of a site with a WebSub hub set it to 0, since the hub fetches them right after a ping.
        """
        keys = header_value(request.META[REQUEST_KEYS], purger.separator)
        if keys and "s-maxage" not in response["Cache-Control"]:
            response[purger.header] = keys
            response["Cache-Control"] += (
                f", s-maxage={settings.SHARED_MAX_AGE}"
                f", stale-while-revalidate={settings.SHARED_STALE_WHILE_REVALIDATE}"
            )
