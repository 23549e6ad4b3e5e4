"""Error pages. Each suggests where to go next."""

import re

from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from blog.database.lookups import InArray
from blog.models import Post, SiteSettings
from blog.search.results import Search, parse

MAX_SUGGESTIONS = 5


def not_found(request, exception):
    """Suggest posts that a search for the last segment of the URL finds.

    `Vary: Cookie` is set on every such page: staff may find a draft at the URL, and the header must not
    reveal where.
    """
    text = query_from_path(request.path)
    query = parse(text, request.site.state.search_language)
    found = Search(Post.objects.published(), query).found[:MAX_SUGGESTIONS] if query.has_words else []
    posts = Post.objects.published(InArray("pk", [pk for pk, _, _ in found])).newest_first().as_titles()
    response = render(request, "404.html", {"q": text, "posts": posts}, status=404)
    patch_vary_headers(response, ["Cookie"])
    return response


def query_from_path(path):
    segments = [segment for segment in path.split("/") if segment]
    last = segments[-1][:200] if segments else ""
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"\.\w+$", "", last)))


def bad_request(request, exception=None):
    """Activates the site's language, since a request may be refused before the middleware does."""
    with translation.override(SiteSettings.load().language):
        return render(request, "400.html", status=400)


def forbidden(request, exception=None, reason=""):
    """Also Django's CSRF failure view. The reason is only logged."""
    return render(request, "403.html", status=403)
