"""The sitemap: an index, and parts for each year of posts, for tags, and for all other pages."""

from datetime import date

from django.contrib.sitemaps import Sitemap, views
from django.db.models import CharField, Max
from django.db.models.functions import Cast, Substr
from django.shortcuts import render
from django.urls import reverse

from blog.models import Day, Page, Post, Series, Tag
from blog.paths import path_to


class YearSitemap(Sitemap):
    """The posts of one year. Their number is the stored count, so paging runs no COUNT."""

    limit = 500

    def __init__(self, year, post_count, lastmod):
        self.year, self.post_count, self.latest = year, post_count, lastmod

    def items(self):
        posts = Post.objects.published().filter(day__year=self.year).order_by("day", "published", "pk")
        posts = posts.followed_by(f"sitemap-{self.year}")
        return posts.values_list("day", "slug", "updated")

    @property
    def paginator(self):
        paginator = super().paginator
        paginator.count = self.post_count
        return paginator

    def location(self, post):
        day, slug, _ = post
        return path_to("post", day, slug)

    def lastmod(self, post):
        return post[-1]

    def get_latest_lastmod(self):
        return self.latest


class TagSitemap(Sitemap):
    """The tags of public posts."""

    limit = 5000

    def items(self):
        return Tag.objects.public().order_by("slug").only("slug").followed_by("tags")


class PageSitemap(Sitemap):
    """Home, lists, series, standing pages and archives, as pairs of path and last change."""

    def __init__(self, months):
        self.months = months

    def items(self):
        kinds = [kind.listing for kind in Post.kinds().values()]
        lists = [
            reverse(name) for name in ("tags", "feeds", "links-index", "via-index", "series-index", *kinds)
        ]
        pages = [
            *Series.objects.public().followed_by("series"),
            *Page.objects.published().followed_by("pages"),
        ]
        return [
            (reverse("home"), self.get_latest_lastmod()),
            *((path, None) for path in [*lists, *(page.get_absolute_url() for page in pages)]),
            *((path_to("year", year), change) for year, change in by_year(self.months).items()),
            *((path_to("month", month), change) for month, change in self.months.items()),
        ]

    def location(self, item):
        return item[0]

    def lastmod(self, item):
        return item[1]

    def get_latest_lastmod(self):
        return max(self.months.values(), default=None)


def last_changes():
    """Return {first day: time of the last change} of every month with posts. Runs one query.

    Takes the month from the date as text. On SQLite, Django's date functions call Python for every row.
    """
    month = Substr(Cast("day", CharField()), 1, 7)
    changes = Day.objects.followed_by("days").annotate(month=month).values_list("month")
    changes = changes.annotate(Max("updated"))
    return {date.fromisoformat(f"{month}-01"): change for month, change in sorted(changes)}


def by_year(months):
    years = {}
    for month, change in months.items():
        year = date(month.year, 1, 1)
        years[year] = max(change, years.get(year, change))
    return years


def parts(site):
    """Return the parts by name, the latest year first. Runs one query, of the stored days."""
    months = last_changes()
    counts = site.state.totals_by_year()
    changes = {year.year: change for year, change in by_year(months).items()}
    years = {
        str(year): YearSitemap(year, count, changes.get(year))
        for year, count in sorted(counts.items(), reverse=True)
    }
    return {"pages": PageSitemap(months), "tags": TagSitemap(), **years}


@views.x_robots_tag
def index(request):
    """The sitemap index. Django's own view takes 40 µs a line, and a million posts have 2,000 lines."""
    context = {
        "parts": [
            (
                request.build_absolute_uri(reverse("sitemap", args=[name])),
                sitemap.get_latest_lastmod(),
                sitemap.paginator.num_pages,
            )
            for name, sitemap in parts(request.site).items()
        ]
    }
    return render(request, "sitemap_index.xml", context, content_type="application/xml")


def part(request, section):
    return views.sitemap(request, parts(request.site), section=section)
