"""Cached URL reversal. A page of thirty posts needs some two hundred URLs."""

from functools import lru_cache

from django.http import HttpResponsePermanentRedirect
from django.urls import reverse


@lru_cache(maxsize=10_000)
def path_to(name, *arguments):
    """Return `reverse()` of the name, cached. Assumes that the weblog is at the root of its host."""
    return reverse(name, args=arguments)


def redirect_permanently(request, path):
    """Return a permanent redirect (301) to the path, with the query string of the request."""
    query = request.META.get("QUERY_STRING")
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
