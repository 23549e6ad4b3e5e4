"""Base classes of the pages: canonical URLs, lists and pagination."""

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.functional import cached_property
from django.views.generic import ListView

from blog.database.lookups import InArray
from blog.models import Post
from blog.paths import redirect_permanently
from blog.timeline.by_site import MAX_COUNTED_LINKS
from blog.timeline.deep_pagination import skip_years
from blog.timeline.page_sizes import PAGE_SIZE


class CanonicalPath:
    """Redirects other spellings of a URL (`/2024/jun/08/`) to the canonical one."""

    def dispatch(self, request, *args, **kwargs):
        path = reverse(request.resolver_match.view_name, kwargs=kwargs)
        if path == escape_uri_path(request.path):
            return super().dispatch(request, *args, **kwargs)
        return redirect_permanently(request, path)


class PostPaginator(Paginator):
    """Paginates ids, and loads only the posts of the page shown.

    The ids are a list, or a queryset that an index covers. With `max_posts`, only that many are counted and
    paginated.
    """

    max_posts = None

    @cached_property
    def is_truncated(self):
        return self.max_posts is not None and self._counted > self.max_posts

    @cached_property
    def count(self):
        return self.max_posts if self.is_truncated else self._counted

    @cached_property
    def _counted(self):
        counted = self.object_list[: self.max_posts + 1] if self.max_posts else self.object_list
        return len(counted) if isinstance(counted, list) else counted.count()

    def page(self, number):
        number = self.validate_number(number)
        ids = list(self.ids((number - 1) * self.per_page))
        posts = Post.objects.published(InArray("pk", ids)).followed_by(*(f"post-{pk}" for pk in ids))
        posts = {post.pk: post for post in posts.for_lists()}
        return self._get_page([posts[pk] for pk in ids if pk in posts], number, self)

    def ids(self, first):
        """The ids of the page that starts at this index."""
        return self.object_list[first : min(first + self.per_page, self.count)]


class YearsPaginator(PostPaginator):
    """Paginates a newest-first list by stored counts per year: a deep page costs what the first one does.

    It takes a function that returns the ids within bounds (see `blog.timeline.deep_pagination`).
    """

    def __init__(self, rows, per_page, counts_by_year, day="day", **kwargs):
        super().__init__(rows(), per_page, **kwargs)
        self.rows, self.counts_by_year, self.day = rows, counts_by_year, day

    @cached_property
    def count(self):
        return sum(self.counts_by_year.values())

    def ids(self, first):
        rows, first = skip_years(self.rows, self.counts_by_year, first, self.day)
        return rows[first : first + self.per_page]


class PagedPosts(ListView):
    """A paginated list of posts. `get_queryset()` returns their ids."""

    context_object_name = "posts"
    paginate_by = PAGE_SIZE
    paginator_class = PostPaginator


class PostList(PagedPosts):
    """A paginated list that is not found while it has no posts."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if not context["posts"]:
            raise Http404("Nothing was posted here.")
        return context


class CappedPostList(PostList):
    """A titled list whose posts are counted and paginated up to `MAX_COUNTED_LINKS`, the newest ones."""

    def get_title(self):
        raise NotImplementedError

    def get_paginator(self, *args, **kwargs):
        paginator = super().get_paginator(*args, **kwargs)
        paginator.max_posts = MAX_COUNTED_LINKS
        return paginator

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        paginator = context["paginator"]
        return context | {
            "title": self.get_title(),
            "number": paginator.count,
            "is_truncated": paginator.is_truncated,
        }
