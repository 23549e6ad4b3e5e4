"""The timeline by kind and by series."""

from django.db.models import Count
from django.http import Http404
from django.views.generic import DetailView, ListView

from blog.feeds.selections import OfKind, OfSeries
from blog.models import IsListed, Post, Series

from .base import PagedPosts, YearsPaginator


class KindListing(PagedPosts):
    """All posts of a kind. There is such a page before the first of them."""

    template_name = "blog/kind_listing.html"
    kind = None

    def get_queryset(self):
        return self.ids()

    def ids(self, *bounds):
        posts = Post.objects.published(*bounds).filter(kind=self.kind._meta.model_name)
        return posts.newest_first().values_list("pk", flat=True)

    def get_paginator(self, ids, per_page, **kwargs):
        by_year = self.request.site.numbers_of(self.kind._meta.model_name)
        return YearsPaginator(self.ids, per_page, by_year, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "kind": self.kind,
            "feed": OfKind(self.kind),
        }

    @staticmethod
    def surrogate_keys(request, kwargs, context):
        return [f"kind-{context['kind']._meta.model_name}"]


class SeriesIndex(ListView):
    template_name = "blog/series_index.html"
    context_object_name = "all_series"

    def get_queryset(self):
        """Pairs of those with public posts, as plain rows, and their number. Two queries, which read no other
        posts.
        """
        posts = Post.objects.published().filter(series__isnull=False).order_by()
        numbers = dict(posts.values_list("series").annotate(Count("pk")))
        found = Series.objects.filter(IsListed("pk", numbers)).order_by("title", "pk")
        rows = found.values_list("pk", "title", "slug", "summary_html", named=True)
        return [(series, numbers[series.pk]) for series in rows]

    @staticmethod
    def surrogate_keys(request, kwargs, context):
        return ["series-index"]


class SeriesDetail(DetailView):
    template_name = "blog/series_detail.html"
    context_object_name = "series"
    model = Series

    def get_context_data(self, **kwargs):
        posts = Post.objects.published().filter(series=self.object).for_lists().reverse()
        if not posts:
            raise Http404("Nothing of this series is published.")
        return super().get_context_data(**kwargs) | {"posts": posts, "feed": OfSeries(self.object)}

    @staticmethod
    def surrogate_keys(request, kwargs, context):
        return [f"series-{kwargs['slug']}"]
