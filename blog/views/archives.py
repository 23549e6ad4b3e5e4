"""The timeline by date: home, year, month, day.

The converters in the URLs hand over a date, so Django's list view is all that these need.
"""

from collections import defaultdict
from itertools import groupby, islice

from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import Http404
from django.views.generic import ListView, TemplateView

from blog.caching.surrogate_keys import month_key
from blog.database.lookups import InArray
from blog.models import Post
from blog.timeline.calendar import MonthCalendar, Year, month_bounds, nearest_days
from blog.timeline.newest import RECENT_ENTRIES, recent_titles, titled_kinds, titled_posts

from .base import PAGE_SIZE, CanonicalPath, PostList

#: From how many posts on a day has several pages.
DAY_SIZE = 60
#: How many entries of a month its year names.
MOST_TITLES = 12


class Home(ListView):
    template_name = "blog/home.html"
    context_object_name = "posts"

    def get_queryset(self):
        return Post.objects.published().for_lists()[:PAGE_SIZE]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"recent_entries": recent_titles()[:RECENT_ENTRIES]}

    @staticmethod
    def surrogate_keys(request, kwargs, context):
        return ["newest", "entries-at-home"]


class YearArchive(CanonicalPath, TemplateView):
    template_name = "blog/year_archive.html"
    keys_include_posts = False

    def get_context_data(self, **kwargs):
        year = self.kwargs["date"]
        whole = Year.load(year.year)
        if not whole.by_day:
            raise Http404("Nothing was posted that year.")
        entries = self.entries_by_month(whole)
        years = self.request.site.state.years()
        return super().get_context_data(**kwargs) | {
            "year": year,
            "whole": whole,
            "months": [(month, tally, *entries.get(month, ([], 0))) for month, tally in whole.months()],
            "previous": max((other for other in years if other < year), default=None),
            "next": min((other for other in years if other > year), default=None),
        }

    def entries_by_month(self, whole):
        """{month: (its first entries, how many more it has)}.

        Two queries: an index has the ids of all entries of those days, and only the first ones are read.
        """
        entries = titled_posts().order_by("day", "published", "pk")
        days = list(whole.first_days_with(titled_kinds(), MOST_TITLES))
        rows = entries.filter(InArray("day", days)).values_list("pk", Cast("day", TextField()))
        by_month = groupby(rows, lambda row: row[1][:7])
        ids = [pk for _, group in by_month for pk, _ in islice(group, MOST_TITLES)]
        first = defaultdict(list)
        for entry in entries.filter(InArray("pk", ids)).as_titles():
            first[entry.day.replace(day=1)].append(entry)
        return {
            month: (first[month], tally.count_of(titled_kinds()) - len(first[month]))
            for month, tally in whole.months()
            if month in first
        }

    @staticmethod
    def surrogate_keys(request, kwargs, context):
        return [f"year-{kwargs['date'].year}"]


class MonthArchive(CanonicalPath, PostList):
    """The month from its first day on, with the nearest months that have posts."""

    template_name = "blog/month_archive.html"

    def get_queryset(self):
        days = month_bounds(self.kwargs["date"])
        posts = Post.objects.published().filter(day__range=days)
        return posts.order_by("day", "published", "pk").values_list("pk", flat=True)

    def get_paginator(self, *args, **kwargs):
        """Their number is kept with the days."""
        self.calendar = MonthCalendar(self.kwargs["date"])
        paginator = super().get_paginator(*args, **kwargs)
        paginator.count = self.calendar.tally.total
        return paginator

    def get_context_data(self, **kwargs):
        month = self.kwargs["date"]
        previous, following = nearest_days(*month_bounds(month))
        return super().get_context_data(**kwargs) | {
            "month": month,
            "calendar": self.calendar,
            "previous": previous,
            "next": following,
        }

    @staticmethod
    def surrogate_keys(request, kwargs, context):
        month = month_key(kwargs["date"])
        return [f"month-{month}", f"calendar-{month}"]


class DayArchive(CanonicalPath, PostList):
    """The day, its newest post first, with the nearest days that have posts."""

    template_name = "blog/day_archive.html"
    paginate_by = DAY_SIZE

    def get_queryset(self):
        posts = Post.objects.published().filter(day=self.kwargs["date"])
        return posts.newest_first().values_list("pk", flat=True)

    def get_paginator(self, *args, **kwargs):
        self.calendar = MonthCalendar(self.kwargs["date"], today=self.kwargs["date"])
        paginator = super().get_paginator(*args, **kwargs)
        paginator.count = self.calendar.tally_of(self.kwargs["date"]).total
        return paginator

    def get_context_data(self, **kwargs):
        day = self.kwargs["date"]
        context = super().get_context_data(**kwargs)
        previous, following = self.calendar.neighbours_of(day)
        return context | {
            "day": day,
            "calendar": self.calendar,
            "tally": self.calendar.tally_of(day),
            "previous": previous,
            "next": following,
        }

    @staticmethod
    def surrogate_keys(request, kwargs, context):
        day = kwargs["date"]
        return [f"day-{day}", f"calendar-{month_key(day)}"]
