"""The timeline by date: home, year, month and day.

URL converters pass the date in as a `date`, so these are plain list views rather than Django's date views.
"""

from collections import defaultdict
from itertools import groupby, islice

from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import Http404
from django.views.generic import ListView, TemplateView

from blog.database.lookups import InArray
from blog.models import Post
from blog.timeline.calendar import MonthCalendar, Year, month_bounds, month_key, nearest_days
from blog.timeline.page_sizes import DAY_PAGE_SIZE, HOME_TITLES, MONTH_TITLES, PAGE_SIZE
from blog.timeline.titles import recent_titles, titled_kinds, titled_posts

from .base import CanonicalPath, PostList


class Home(ListView):
    template_name = "blog/home.html"
    context_object_name = "posts"

    def get_queryset(self):
        return Post.objects.published().followed_by("newest").for_lists()[:PAGE_SIZE]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"recent_titles": recent_titles(HOME_TITLES)}


class YearArchive(CanonicalPath, TemplateView):
    template_name = "blog/year_archive.html"

    def get_context_data(self, **kwargs):
        year = self.kwargs["date"]
        calendar = Year.load(year.year)
        if not calendar.by_day:
            raise Http404("Nothing was posted that year.")
        titles = self.titles_by_month(calendar)
        years = self.request.site.state.years()
        return super().get_context_data(**kwargs) | {
            "year": year,
            "calendar": calendar,
            "months": [(month, tally, *titles.get(month, ([], 0))) for month, tally in calendar.months()],
            "previous": max((other for other in years if other < year), default=None),
            "next": min((other for other in years if other > year), default=None),
        }

    def titles_by_month(self, calendar):
        """{month: (its first titles, the number of further ones)}.

        Runs two queries: the ids of the first days' posts, which an index covers, then the posts to list.
        """
        posts = titled_posts().order_by("day", "published", "pk").followed_by(f"year-{calendar.first.year}")
        days = list(calendar.first_days_with(titled_kinds(), MONTH_TITLES))
        rows = posts.filter(InArray("day", days)).values_list("pk", Cast("day", TextField()))
        by_month = groupby(rows, lambda row: row[1][:7])
        ids = [pk for _, group in by_month for pk, _ in islice(group, MONTH_TITLES)]
        first = defaultdict(list)
        for post in posts.filter(InArray("pk", ids)).as_titles():
            first[post.day.replace(day=1)].append(post)
        return {
            month: (first[month], tally.count_of(titled_kinds()) - len(first[month]))
            for month, tally in calendar.months()
            if month in first
        }


class MonthArchive(CanonicalPath, PostList):
    """A month, oldest post first, with links to the nearest months that have posts."""

    template_name = "blog/month_archive.html"

    def get_queryset(self):
        days = month_bounds(self.kwargs["date"])
        posts = Post.objects.published().filter(day__range=days)
        posts = posts.followed_by(f"month-{month_key(self.kwargs['date'])}")
        return posts.order_by("day", "published", "pk").values_list("pk", flat=True)

    def get_paginator(self, *args, **kwargs):
        """The count comes from the calendar, which saves a query."""
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


class DayArchive(CanonicalPath, PostList):
    """A day, newest post first, with links to the nearest days that have posts."""

    template_name = "blog/day_archive.html"
    paginate_by = DAY_PAGE_SIZE

    def get_queryset(self):
        posts = Post.objects.published().filter(day=self.kwargs["date"])
        posts = posts.followed_by(f"day-{self.kwargs['date']}")
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
