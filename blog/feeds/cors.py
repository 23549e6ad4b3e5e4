"""Cross-origin access to feeds for scripts on other sites (the CORS protocol of the Fetch standard)."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from .websub import ping_thread
from .writers import WRITERS

FORMATS = "|".join(writer.path for writer in WRITERS)
FEED_PATH = re.compile(
    rf"/(?:(?:{FORMATS})(?:/|$)|search/(?:{FORMATS})/?$|(?:tags|series)/[^/]+\.(?:{FORMATS})$)"
)
METHODS = ("GET", "HEAD", "OPTIONS")

CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link",
}
PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}


class FeedCorsMiddleware:
    """Allow cross-origin reads of feeds, error responses included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        if settings.WEBSUB_HUB:
            ping_thread.start()  # sends the pings that an earlier process left in the outbox

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not FEED_PATH.match(request.path_info):
            return self.get_response(request)
        response = self.respond(request)
        for name, value in CORS_HEADERS.items():
            response[name] = value
        return response

    def respond(self, request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers=PREFLIGHT_HEADERS)
            del response["Content-Type"]
            return response
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return self.get_response(request)
