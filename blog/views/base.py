"""What the pages share."""

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.functional import cached_property
from django.views.generic import ListView

from blog.database.lookups import InArray
from blog.models import Post
from blog.paths import redirect_permanently
from blog.timeline.deep_pagination import skip_years

PAGE_SIZE = 30


class CanonicalPath:
    """Sends other spellings of an address (`/2024/jun/08/`) to the one that links use."""

    def dispatch(self, request, *args, **kwargs):
        path = reverse(request.resolver_match.view_name, kwargs=kwargs)
        if path == escape_uri_path(request.path):
            return super().dispatch(request, *args, **kwargs)
        return redirect_permanently(request, path)


class PostPaginator(Paginator):
    """Pages of ids, a list or a queryset which an index alone can give: no post is read that is not shown.

    With `most`, of longer lists only the newest so many have pages, and none is counted beyond.
    """

    most = None

    @cached_property
    def is_cut(self):
        return self.most is not None and self._counted > self.most

    @cached_property
    def count(self):
        return self.most if self.is_cut else self._counted

    @cached_property
    def _counted(self):
        counted = self.object_list[: self.most + 1] if self.most else self.object_list
        return len(counted) if isinstance(counted, list) else counted.count()

    def page(self, number):
        number = self.validate_number(number)
        ids = list(self.ids((number - 1) * self.per_page))
        posts = {post.pk: post for post in Post.objects.published(InArray("pk", ids)).for_lists()}
        return self._get_page([posts[pk] for pk in ids if pk in posts], number, self)

    def ids(self, first):
        """Those of the page that begins there."""
        return self.object_list[first : min(first + self.per_page, self.count)]


class YearsPaginator(PostPaginator):
    """Pages of posts, the newest first, whose numbers by year are kept: none is far.

    See `blog.timeline.deep_pagination`. Takes what gives the ids within bounds, instead of the ids.
    """

    def __init__(self, rows, per_page, by_year, day="day", **kwargs):
        super().__init__(rows(), per_page, **kwargs)
        self.rows, self.by_year, self.day = rows, by_year, day

    @cached_property
    def count(self):
        return sum(self.by_year.values())

    def ids(self, first):
        rows, first = skip_years(self.rows, self.by_year, first, self.day)
        return rows[first : first + self.per_page]


class PagedPosts(ListView):
    """Posts on pages; `get_queryset()` gives their ids."""

    context_object_name = "posts"
    paginate_by = PAGE_SIZE
    paginator_class = PostPaginator


class PostList(PagedPosts):
    """A page of posts, each shown by the template of its kind. Without any it is not found."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if not context["posts"]:
            raise Http404("Nothing was posted here.")
        return context
