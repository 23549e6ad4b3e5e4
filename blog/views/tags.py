"""The timeline by tag, and the tags themselves."""

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

#: From how many posts on a tag's page offers to search in them, and to jump to one of them.
ENOUGH_TO_SEARCH = 10
ENOUGH_FOR_RANDOM = 5
#: So many tags at most, those used most, are on their page.
MANY_TAGS = 500
#: Of the posts that have several tags, the newest so many are counted, have pages, and may be jumped to.
MOST_TOGETHER = 1000


class TagIndex(ListView):
    """The tags of published posts from A to Z, the larger the more they are used.

    Where there are very many, those used least are left to `?all`.
    """

    template_name = "blog/tag_index.html"
    context_object_name = "tags"

    def get_queryset(self):
        tags = Tag.objects.public().order_by("-uses", "name")
        tags = tags.values_list("name", "slug", "uses", "counts_by_year", named=True)
        return tags if "all" in self.request.GET else tags[:MANY_TAGS]

    def get_context_data(self, **kwargs):
        number = Tag.objects.public().count()
        return super().get_context_data(**kwargs) | {
            "number": number,
            "leaves_out": number > MANY_TAGS and "all" not in self.request.GET,
        }

    @staticmethod
    def surrogate_keys(request, kwargs, context):
        return ["tags"]


class TagMixin:
    """Reads the tags from the address, and leads other spellings of them to the right one."""

    view_name = "tag"

    def dispatch(self, request, slugs):
        self.tags, is_exact = find_tags(slugs)
        if not is_exact or request.path.startswith("/tag/"):
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
        """The numbers of one tag's posts are kept; of several tags the ids are read, which takes no longer
        than to count them.
        """
        if len(self.tags) == 1:
            by_year, rows = self.tags[0].counts_by_year, partial(tagged_post_ids, self.tags)
            return YearsPaginator(rows, per_page, by_year, "content_object__day", **kwargs)
        paginator = PostPaginator(list(ids[: MOST_TOGETHER + 1]), per_page, **kwargs)
        paginator.most = MOST_TOGETHER
        return paginator

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        number = context["paginator"].count
        alone = self.tags[0] if len(self.tags) == 1 else None
        name = " + ".join(tag.name for tag in self.tags)
        return context | {
            "tags": self.tags,
            "slugs": [tag.slug for tag in self.tags],
            "feed": TagSelection(self.tags),
            "name": name,
            "number": number,
            "is_cut": context["paginator"].is_cut,
            "related": related_tags(alone) if alone else [],
            "by_year": alone.counts_by_year if alone else {},
            "hidden": [("tag", tag.slug) for tag in self.tags],
            "search_label": _("Search in %(tags)s") % {"tags": name},
            "offers_search": number > ENOUGH_TO_SEARCH,
            "offers_random": alone and number > ENOUGH_FOR_RANDOM,
        }

    @staticmethod
    def surrogate_keys(request, kwargs, context):
        shown = [f"uses-{tag.slug}" for tag in [*context["tags"], *context["related"]]]
        return [*shown, *(f"tag-{tag.slug}" for tag in context["tags"])]


class RandomPost(TagMixin, View):
    """Leads to any of the posts that have the tag, each as likely as the others.

    Should a kept number be too high, the newest takes the place of those that are not there.
    """

    view_name = "random"

    def get(self, request):
        rows = partial(tagged_post_ids, self.tags)
        ids, by_year = rows(), self.tags[0].counts_by_year if len(self.tags) == 1 else {}
        number = sum(by_year.values()) or ids[:MOST_TOGETHER].count()
        rest, left = skip_years(rows, by_year, randrange(number or 1), "content_object__day")
        pk = rest[left : left + 1].first() or ids.first()
        if pk is None:
            raise Http404("No post has this tag.")
        post = Post.objects.published().only("day", "slug").get(pk=pk)
        response = HttpResponseRedirect(post.get_absolute_url())
        add_never_cache_headers(response)
        return response
