"""The timeline by kind, by tag and by series."""

from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.http import Http404
from django.urls import reverse
from django.views.generic import DetailView, ListView

from blog.models import Post, Series, Tag
from blog.tags import find_tags, tagged

from .base import PAGE_SIZE, PostList, moved


class KindListing(ListView):
    """All posts of a kind. There is such a page before the first of them."""

    template_name = "blog/kind_listing.html"
    context_object_name = "posts"
    paginate_by = PAGE_SIZE
    kind = None

    def get_queryset(self):
        return Post.objects.published().filter(kind=self.kind._meta.model_name).for_lists()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "kind": self.kind,
            "feed_name": f"feed-{self.kind.feed}",
        }


class TagIndex(ListView):
    """All tags that published posts have, with their numbers, by the alphabet."""

    template_name = "blog/tag_index.html"
    context_object_name = "tags"

    def get_queryset(self):
        public = Q(taggings__content_object__in=Post.objects.published())
        tags = Tag.objects.annotate(number=Count("taggings", filter=public)).filter(number__gt=0)
        return tags.order_by(Lower("name"), "pk")


class TagArchive(PostList):
    """The posts that have one tag, or all of several."""

    template_name = "blog/tag_archive.html"
    paginate_by = PAGE_SIZE

    def get(self, request, slugs):
        self.tags, exact = find_tags(slugs)
        if not exact or request.path.startswith("/tag/"):
            return moved(request, reverse("tag", args=[[tag.slug for tag in self.tags]]))
        return super().get(request)

    def get_queryset(self):
        return tagged(self.tags).for_lists()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "tags": self.tags,
            "slugs": [tag.slug for tag in self.tags],
            "name": " + ".join(tag.name for tag in self.tags),
        }


class SeriesIndex(ListView):
    template_name = "blog/series_index.html"
    context_object_name = "all_series"

    def get_queryset(self):
        public = Q(posts__in=Post.objects.published())
        numbered = Series.objects.annotate(number=Count("posts", filter=public))
        return numbered.filter(number__gt=0).order_by("title", "pk")


class SeriesDetail(DetailView):
    template_name = "blog/series_detail.html"
    context_object_name = "series"
    model = Series

    def get_context_data(self, **kwargs):
        posts = Post.objects.published().filter(series=self.object).for_lists().reverse()
        if not posts:
            raise Http404("Nothing of this series is published.")
        return super().get_context_data(**kwargs) | {"posts": posts}
