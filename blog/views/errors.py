"""The pages for what went wrong. Each helps the reader on."""

import re

from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from blog.database.lookups import InArray
from blog.models import Post, SiteSettings
from blog.search.results import Search, parse

SUGGESTIONS = 5


def not_found(request, exception):
    """Search for what the last part of the address seems to say.

    Staff may see a draft there. So that nobody else can tell where one is, all answers say alike
    that they depend on who asks.
    """
    words = words_of(request.path)
    query = parse(words, request.site.state.search_language)
    found = Search(Post.objects.published(), query).found[:SUGGESTIONS] if query.has_words else []
    posts = Post.objects.published(InArray("pk", [pk for pk, _, _ in found])).newest_first().as_titles()
    response = render(request, "404.html", {"q": words, "posts": posts}, status=404)
    patch_vary_headers(response, ["Cookie"])
    return response


def words_of(path):
    segments = [segment for segment in path.split("/") if segment]
    last = segments[-1][:200] if segments else ""
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"\.\w+$", "", last)))


def bad_request(request, exception=None):
    """Also for what is refused before the site's language is known."""
    with translation.override(SiteSettings.load().language):
        return render(request, "400.html", status=400)


def forbidden(request, exception=None, reason=""):
    """Also what a form from another site gets, with the reason that Django logs."""
    return render(request, "403.html", status=403)
