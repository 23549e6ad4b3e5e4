"""Feeds are for anybody, scripts of other sites included."""

import re

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotAllowed

from .websub import ping_thread
from .writers import WRITERS

FORMATS = "|".join(writer.path for writer in WRITERS)
PATH = re.compile(rf"/(?:(?:{FORMATS})(?:/|$)|search/(?:{FORMATS})/?$|(?:tags|series)/[^/]+\.(?:{FORMATS})$)")
METHODS = ("GET", "HEAD", "OPTIONS")

#: For scripts of other sites (the Fetch standard, 3.2.3): what they may ask, and what they get to see.
FOR_ANYBODY = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}


class FeedCorsMiddleware:
    """Scripts of other sites may read every answer, those that there is no such feed too."""

    def __init__(self, get_response):
        self.get_response = get_response
        if settings.WEBSUB_HUB:
            ping_thread.start()  # of what a process that has ended left untold

    def __call__(self, request):
        if not PATH.match(request.path_info):
            return self.get_response(request)
        response = self.respond(request)
        for name, value in FOR_ANYBODY.items():
            response[name] = value
        return response

    def respond(self, request):
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers=PREFLIGHT)
            del response["Content-Type"]
            return response
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return self.get_response(request)
