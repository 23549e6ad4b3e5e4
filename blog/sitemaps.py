"""The sitemap: every published post, a part for each year, and when readers should look again."""

from django.contrib.sitemaps import Sitemap, views
from django.db.models import CharField, IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.urls import reverse

from blog.models import Day, Page, Post


class YearSitemap(Sitemap):
    """The posts of one year; the number is what the site has kept of it."""

    limit = 1000

    def __init__(self, year, number, lastmod):
        self.year, self.number, self.latest = year, number, lastmod

    def items(self):
        posts = Post.objects.published().filter(day__year=self.year).order_by("day", "published", "pk")
        return posts.only("day", "slug", "updated")

    @property
    def paginator(self):
        paginator = super().paginator
        paginator.count = self.number
        return paginator

    def lastmod(self, post):
        return post.updated

    def get_latest_lastmod(self):
        return self.latest


class PageSitemap(Sitemap):
    """Home, the lists, and the standing pages."""

    def items(self):
        lists = [
            reverse(name)
            for name in ("home", "tags", "feeds", *(kind.listing for kind in Post.kinds().values()))
        ]
        return lists + [page.get_absolute_url() for page in Page.objects.published()]

    def location(self, path):
        return path


def parts(site):
    """The parts by name, the latest year first. One query, of what is kept of days.

    It cuts the year out of the date's text: on SQLite, date functions are Python, one call a row.
    """
    year = Cast(Substr(Cast("day", CharField()), 1, 4), IntegerField())
    changes = dict(Day.objects.annotate(year=year).values_list("year").annotate(Max("updated")))
    numbers = {int(year): sum(kinds.values()) for year, kinds in site.by_year.items()}
    years = {
        str(year): YearSitemap(year, number, changes.get(year))
        for year, number in sorted(numbers.items(), reverse=True)
    }
    return {"pages": PageSitemap, **years}


def index(request):
    return views.index(request, parts(request.site), sitemap_url_name="sitemap")


def part(request, section):
    return views.sitemap(request, parts(request.site), section=section)
