"""The timeline by tag, and the tag index."""

from functools import partial
from random import randrange

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.generic import ListView, View

from blog.feeds.selections import TagSelection
from blog.models import Post, Tag
from blog.paths import redirect_permanently
from blog.timeline.by_tag import find_tags, related_tags, tagged_post_ids
from blog.timeline.deep_pagination import skip_years

from .base import PostList, PostPaginator, YearsPaginator

#: A tag's page has a search form, and a link to a random post, if it has more posts than this.
SEARCH_THRESHOLD = 10
RANDOM_THRESHOLD = 5
#: Tags in the index. `?all` lists the others too.
MAX_TAGS = 500
#: Posts of a combination of tags. Older ones are neither counted nor listed.
MAX_COMBINED_POSTS = 1000


class TagIndex(ListView):
    """The tags of published posts as a cloud: the most used ones, or with `?all` every one."""

    template_name = "blog/tag_index.html"
    context_object_name = "tags"

    def get_queryset(self):
        tags = Tag.objects.public().order_by("-uses", "name").followed_by("tags")
        tags = tags.values_list("name", "slug", "uses", "counts_by_year", named=True)
        return tags if "all" in self.request.GET else tags[:MAX_TAGS]

    def get_context_data(self, **kwargs):
        number = Tag.objects.public().followed_by("tags").count()
        return super().get_context_data(**kwargs) | {
            "number": number,
            "is_truncated": number > MAX_TAGS and "all" not in self.request.GET,
        }


class TagMixin:
    """Parses the tags in a URL, and redirects to the canonical one from other spellings and former names."""

    view_name = "tag"

    def dispatch(self, request, slugs):
        self.tags, is_canonical = find_tags(slugs)
        if not is_canonical or request.path.startswith("/tag/"):
            return redirect_permanently(
                request, reverse(self.view_name, args=[[tag.slug for tag in self.tags]])
            )
        return super().dispatch(request)


class TagArchive(TagMixin, PostList):
    """The posts that have one tag, or all of several."""

    template_name = "blog/tag_archive.html"

    def get_queryset(self):
        return tagged_post_ids(self.tags)

    def get_paginator(self, ids, per_page, **kwargs):
        """A single tag has stored counts. For several, loading the ids takes no longer than counting them."""
        if len(self.tags) == 1:
            by_year, rows = self.tags[0].counts_by_year, partial(tagged_post_ids, self.tags)
            return YearsPaginator(rows, per_page, by_year, "content_object__day", **kwargs)
        paginator = PostPaginator(list(ids[: MAX_COMBINED_POSTS + 1]), per_page, **kwargs)
        paginator.max_posts = MAX_COMBINED_POSTS
        return paginator

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        number = context["paginator"].count
        single = self.tags[0] if len(self.tags) == 1 else None
        name = " + ".join(tag.name for tag in self.tags)
        return context | {
            "tags": self.tags,
            "slugs": [tag.slug for tag in self.tags],
            "feed": TagSelection(self.tags),
            "name": name,
            "number": number,
            "is_truncated": context["paginator"].is_truncated,
            "related": related_tags(single) if single else [],
            "by_year": single.counts_by_year if single else {},
            "hidden": [("tag", tag.slug) for tag in self.tags],
            "search_label": _("Search in %(tags)s") % {"tags": name},
            "has_search": number > SEARCH_THRESHOLD,
            "has_random": single and number > RANDOM_THRESHOLD,
        }


class RandomPost(TagMixin, View):
    """Redirects to a random post with the tags, each with the same probability.

    If a stored count is too high, the newest post takes the place of the missing ones.
    """

    view_name = "random"

    def get(self, request):
        rows = partial(tagged_post_ids, self.tags)
        ids, by_year = rows(), self.tags[0].counts_by_year if len(self.tags) == 1 else {}
        number = sum(by_year.values()) or ids[:MAX_COMBINED_POSTS].count()
        rest, left = skip_years(rows, by_year, randrange(number or 1), "content_object__day")
        pk = rest[left : left + 1].first() or ids.first()
        if pk is None:
            raise Http404("No post has this tag.")
        post = Post.objects.published().only("day", "slug").get(pk=pk)
        response = HttpResponseRedirect(post.get_absolute_url())
        add_never_cache_headers(response)
        return response
