"""What the pages share."""

from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.views.generic import ListView

PAGE_SIZE = 30


def moved(request, path):
    """A permanent redirect (301) to the path, with the query that came along."""
    query = request.META.get("QUERY_STRING")
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)


class CanonicalPath:
    """Sends other spellings of an address (`/2024/jun/08/`) to the one that links use."""

    def dispatch(self, request, *args, **kwargs):
        path = reverse(request.resolver_match.view_name, kwargs=kwargs)
        if path == escape_uri_path(request.path):
            return super().dispatch(request, *args, **kwargs)
        return moved(request, path)


class PostList(ListView):
    """A page of posts, each shown by the template of its kind. Without any it is not found."""

    context_object_name = "posts"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if not context["posts"]:
            raise Http404("Nothing was posted here.")
        return context
