"""The timeline by tag, and the tags themselves."""

from random import randrange

from django.db.models.functions import Lower
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.generic import ListView, View

from blog.feeds.selections import OfTags
from blog.models import Tag
from blog.tags import find_tags, ids_of_tagged, related_tags, tagged

from .base import PostList, PostPaginator, YearsPaginator, moved

#: From how many posts on a tag's page offers to search in them, and to jump to one of them.
ENOUGH_TO_SEARCH = 10
ENOUGH_FOR_RANDOM = 5
#: From how many tags on their page leaves out those used only once.
MANY_TAGS = 500
#: Of the posts that have several tags, the newest so many are counted and have pages.
MOST_TOGETHER = 3000


class TagIndex(ListView):
    """The tags of published posts from A to Z, the larger the more they are used.

    Where there are very many, those used only once are left to `?all`.
    """

    template_name = "blog/tag_index.html"
    context_object_name = "tags"

    def get_queryset(self):
        tags = Tag.objects.public().defer("description", "description_html")
        return tags.order_by(Lower("name"), "pk")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        tags = list(context["tags"])
        often = [tag for tag in tags if tag.uses > 1]
        leaves_out = len(tags) > MANY_TAGS and "all" not in self.request.GET
        return context | {
            "tags": often if leaves_out else tags,
            "number": len(tags),
            "leaves_out": leaves_out,
        }


class TagMixin:
    """Reads the tags from the address, and leads other spellings of them to the right one."""

    view_name = "tag"

    def dispatch(self, request, slugs):
        self.tags, is_exact = find_tags(slugs)
        if not is_exact or request.path.startswith("/tag/"):
            return moved(request, reverse(self.view_name, args=[[tag.slug for tag in self.tags]]))
        return super().dispatch(request)


class TagArchive(TagMixin, PostList):
    """The posts that have one tag, or all of several."""

    template_name = "blog/tag_archive.html"

    def get_queryset(self):
        return ids_of_tagged(self.tags)

    def get_paginator(self, ids, per_page, **kwargs):
        """The numbers of one tag's posts are kept; the posts of several are counted up to a number."""
        if len(self.tags) == 1:
            paginator = YearsPaginator(ids, per_page, **kwargs)
            paginator.by_year, paginator.day = self.tags[0].by_year, "content_object__day"
        else:
            paginator = PostPaginator(ids, per_page, **kwargs)
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
            "feed": OfTags(self.tags),
            "name": name,
            "number": number,
            "is_cut": context["paginator"].is_cut,
            "related": related_tags(alone) if alone else [],
            "by_year": alone.by_year if alone else {},
            "hidden": [("tag", tag.slug) for tag in self.tags],
            "search_label": _("Search in %(tags)s") % {"tags": name},
            "offers_search": number > ENOUGH_TO_SEARCH,
            "offers_random": alone and number > ENOUGH_FOR_RANDOM,
        }


class RandomPost(TagMixin, View):
    """Leads to any of the posts that have the tag, each as likely as the others.

    Should a kept number be too high, the newest takes the place of those that are not there.
    """

    view_name = "random"

    def get(self, request):
        posts = tagged(self.tags)
        number = self.tags[0].uses if len(self.tags) == 1 else posts.count()
        posts = posts.only("day", "slug")
        post = posts[randrange(number or 1) :].first() or posts.first()
        if not post:
            raise Http404("No post has this tag.")
        response = HttpResponseRedirect(post.get_absolute_url())
        add_never_cache_headers(response)
        return response
