"""What there is in which year, month and day: the calendar and the ways from one page to the next."""

import calendar
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Count
from django.db.models.functions import Cast, Substr
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR

from blog.models import Post


def counts_by_day(first, last):
    """How many posts of each kind every day from first to last has: {date: Counter({kind: n})}.

    Days without posts are absent. One query.
    """
    rows = (
        Post.objects.published()
        .filter(day__range=(first, last))
        .order_by()
        .values_list("day", "kind")
        .annotate(Count("pk"))
    )
    counts = defaultdict(Counter)
    for day, kind, number in rows:
        counts[day][kind] += number
    return dict(sorted(counts.items()))


def counts_by_month(first):
    """How many posts each month has, from that of the date `first` to the last that has any: {"2024-06": n}.

    Months without posts are absent. One query, which cuts the month out of the date as `years()` does.
    """
    month = Substr(Cast("day", CharField()), 1, 7)
    posts = Post.objects.published().filter(day__gte=first.replace(day=1)).order_by()
    return dict(posts.annotate(month=month).values_list("month").annotate(Count("pk")))


def nearest_days(first, last=None):
    """The last day with posts before `first` and the first one after `last`; None where there is none.

    Two queries.
    """
    days = Post.objects.published().order_by("day").values_list("day", flat=True)
    before = days.filter(day__lt=first).last()
    after = days.filter(day__gt=last or first).first()
    return before, after


def month_bounds(month):
    """The first and the last day of the month that the date is in."""
    return month.replace(day=1), month.replace(day=calendar.monthrange(month.year, month.month)[1])


@dataclass
class Tally:
    """How many posts of each kind: in words, and in the order of kinds."""

    counts: Counter

    def __iter__(self):
        return (
            {
                "kind": kind,
                "number": self.counts[name],
                "label": kind.label if self.counts[name] == 1 else kind.label_plural,
            }
            for name, kind in Post.kinds().items()
            if self.counts[name]
        )

    def __str__(self):
        return ", ".join(f"{part['number']:,} {part['label']}" for part in self)

    @property
    def total(self):
        return self.counts.total()


class MonthCalendar:
    """A month as weeks of days, Monday first, each day with what was posted. One query."""

    def __init__(self, month, today=None):
        self.month = month
        self.today = today
        self.by_day = counts_by_day(*month_bounds(month))
        self.busiest = max((counts.total() for counts in self.by_day.values()), default=1)

    @property
    def tally(self):
        return Tally(sum(self.by_day.values(), Counter()))

    def weekdays(self):
        return [{"long": WEEKDAYS[n], "short": WEEKDAYS_ABBR[n]} for n in range(7)]

    def weeks(self):
        """Rows of seven cells; a cell outside the month has no day."""
        days = calendar.Calendar().monthdatescalendar(self.month.year, self.month.month)
        return [[self._cell(day) for day in week] for week in days]

    def _cell(self, day):
        if day.month != self.month.month:
            return {}
        counts = self.by_day.get(day, Counter())
        return {
            "day": day,
            "tally": Tally(counts),
            "shade": -(-4 * counts.total() // self.busiest),
            "is_current": day == self.today,
        }


def months_of(year):
    """The months of the year that have posts, as dates, each with its tally. One query."""
    months = defaultdict(Counter)
    for day, counts in counts_by_day(date(year, 1, 1), date(year, 12, 31)).items():
        months[day.replace(day=1)] += counts
    return [(month, Tally(counts)) for month, counts in months.items()]
