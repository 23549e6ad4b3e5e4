"""Where posts, days and tags stand. A page of thirty asks some two hundred times."""

from functools import lru_cache

from django.http import HttpResponsePermanentRedirect
from django.urls import reverse


@lru_cache(maxsize=10_000)
def path_to(name, *arguments):
    """As `reverse()`, for a weblog that stands at the root of its host."""
    return reverse(name, args=arguments)


def redirect_permanently(request, path):
    """A permanent redirect (301) to the path, with the query that came along."""
    query = request.META.get("QUERY_STRING")
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
