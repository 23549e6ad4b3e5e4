"""The timeline by kind, author and series."""

from django.db.models import Count
from django.http import Http404
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from blog.database.lookups import InArray
from blog.feeds.selections import KindSelection, SeriesSelection
from blog.models import Post, Series

from .base import CappedPostList, PagedPosts, YearsPaginator


class KindListing(PagedPosts):
    """All posts of a kind. The page exists even while there are none."""

    template_name = "blog/kind_listing.html"
    kind = None

    def get_queryset(self):
        return self.ids()

    def ids(self, *bounds):
        kind = self.kind._meta.model_name
        posts = Post.objects.published(*bounds).filter(kind=kind).followed_by(f"kind-{kind}")
        return posts.newest_first().values_list("pk", flat=True)

    def get_paginator(self, ids, per_page, **kwargs):
        counts_by_year = self.request.site.state.counts_by_year_of(self.kind._meta.model_name)
        return YearsPaginator(self.ids, per_page, counts_by_year, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "kind": self.kind,
            "feed": KindSelection(self.kind),
        }


class AuthorArchive(CappedPostList):
    """The posts of one author, newest first. The page exists only if several authors have public posts."""

    template_name = "blog/author_archive.html"

    def get_queryset(self):
        authors = self.request.site.state.authors.items()
        found = [(pk, author) for pk, author in authors if author["username"] == self.kwargs["username"]]
        if not found:
            raise Http404("There is no such author.")
        [(pk, self.author)] = found
        posts = Post.objects.published().filter(author=pk).followed_by(f"author-{pk}")
        return posts.newest_first().values_list("pk", flat=True)

    def get_title(self):
        return _("Posts by %(name)s") % {"name": self.author["name"]}


class SeriesIndex(ListView):
    template_name = "blog/series_index.html"
    context_object_name = "all_series"

    def get_queryset(self):
        """Pairs of series, as plain rows, and their number of public posts. Runs two queries."""
        posts = Post.objects.published().filter(series__isnull=False).order_by().followed_by("series")
        counts = dict(posts.values_list("series").annotate(Count("pk")))
        found = Series.objects.filter(InArray("pk", counts)).order_by("title", "pk").followed_by("series")
        rows = found.values_list("pk", "title", "slug", "summary_html", named=True)
        return [(series, counts[series.pk]) for series in rows]


class SeriesDetail(DetailView):
    template_name = "blog/series_detail.html"
    context_object_name = "series"

    def get_queryset(self):
        return Series.objects.followed_by(f"series-{self.kwargs['slug']}")

    def get_context_data(self, **kwargs):
        posts = Post.objects.published().filter(series=self.object)
        posts = posts.followed_by(f"series-{self.object.slug}").for_lists().reverse()
        if not posts:
            raise Http404("The series has no published posts.")
        return super().get_context_data(**kwargs) | {"posts": posts, "feed": SeriesSelection(self.object)}
