"""The sitemap: every published post with the last change that readers should know of."""

from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from blog.models import Page, Post


class PostSitemap(Sitemap):
    limit = 5000

    def items(self):
        posts = Post.objects.published().order_by("published", "pk")
        return posts.only("day", "slug", "updated")

    def lastmod(self, post):
        return post.updated

    def get_latest_lastmod(self):
        """One query; Django's would read every post."""
        return Post.objects.published().aggregate(latest=Max("updated"))["latest"]


class PageSitemap(Sitemap):
    """Home, the lists, and the standing pages."""

    def items(self):
        lists = [
            reverse(name) for name in ("home", "tags", *(kind.listing for kind in Post.kinds().values()))
        ]
        return lists + [page.get_absolute_url() for page in Page.objects.published()]

    def location(self, path):
        return path


SITEMAPS = {"posts": PostSitemap, "pages": PageSitemap}
