"""Cache headers for browsers, proxies and the cache in front."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from . import purgers
from .cached_page import CACHE_CONTROL
from .purge_worker import purge_thread
from .response_cache import has_personal_cookie, is_cacheable, is_public
from .site_version import NO_VERSION, REQUEST_VERSION
from .surrogate_keys import LoadedPosts, collect_loaded_posts, response_keys, track_loaded_posts

PRIVATE = "private, max-age=0, must-revalidate"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class SharedCacheMiddleware:
    """Let the cache in front store what it can purge, under surrogate keys.

    Every other cache must revalidate, error responses included: without a `Cache-Control` header, caches
    store even a 404.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.purger = purgers.from_settings()
        if self.purger:
            track_loaded_posts()
            purge_thread.start()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with collect_loaded_posts() as loaded:
            response = self.get_response(request)
        is_private = has_personal_cookie(request.META) or response.cookies
        response.setdefault("Cache-Control", PRIVATE if is_private else CACHE_CONTROL)
        if self.purger:
            if is_public(request.META) and is_cacheable(response):
                self.allow_shared_caching(self.purger, request, response, loaded)
            if request.method not in SAFE_METHODS:
                purge_thread.start()
        return response

    def allow_shared_caching(
        self,
        purger: purgers.Purger,
        request: HttpRequest,
        response: HttpResponse,
        loaded: LoadedPosts,
    ) -> None:
        """Add surrogate keys and `s-maxage`, unless the view sets `s-maxage` itself.

        Feeds of a site with a WebSub hub set it to 0, since the hub fetches them right after a ping.
        """
        keys = response_keys(request, response, loaded)
        has_version = request.META.get(REQUEST_VERSION, NO_VERSION) != NO_VERSION
        if keys and has_version and "s-maxage" not in response["Cache-Control"]:
            response[purger.header] = purger.separator.join(keys)
            response["Cache-Control"] += (
                f", s-maxage={settings.SHARED_MAX_AGE}"
                f", stale-while-revalidate={settings.SHARED_STALE_WHILE_REVALIDATE}"
            )
