"""What there is in which year, month and day: the calendar and the ways from one page to the next."""

import calendar
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.dates import MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format, get_format
from django.utils.translation import ngettext

from blog.charts import Stacks
from blog.models import Day, Post

FEW = 4


def counts_by_day(first, last):
    """How many posts of each kind every day from first to last has: {date: Counter({kind: n})}.

    Days without posts are absent. One query, of what is kept.
    """
    rows = Day.objects.filter(day__range=(first, last)).order_by("day").values_list("day", "counts")
    return {day: Counter(counts) for day, counts in rows}


def counts_by_month(first):
    """How many posts each month has, from that of the date `first` to the last that has any: {"2024-06": n}.

    Months without posts are absent. One query.
    """
    months = Counter()
    for day, counts in counts_by_day(first.replace(day=1), date.max).items():
        months[f"{day:%Y-%m}"] += counts.total()
    return dict(months)


def nearest_days(first, last=None):
    """The last day with posts before `first` and the first one after `last`; None where there is none.

    Two queries.
    """
    days = Day.objects.order_by("day").values_list("day", flat=True)
    before = days.filter(day__lt=first).last()
    after = days.filter(day__gt=last or first).first()
    return before, after


def month_bounds(month):
    """The first and the last day of the month that the date is in."""
    return month.replace(day=1), month.replace(day=calendar.monthrange(month.year, month.month)[1])


def first_weekday():
    """On which day weeks begin in the site's language: 0 is Monday. Django's formats count from Sunday."""
    return (get_format("FIRST_DAY_OF_WEEK") - 1) % 7


@dataclass
class Tally:
    """How many posts of each kind, in words, in the order of kinds."""

    counts: Counter

    def __str__(self):
        numbers = ((kind, self.counts[name]) for name, kind in Post.kinds().items() if self.counts[name])
        return ", ".join(
            kind.counted % {"number": number, "shown": intcomma(number)} for kind, number in numbers
        )

    @property
    def total(self):
        return self.counts.total()


def busiest(by_day):
    """How many posts the darkest shade stands for: where days have few, none of them is a busy one."""
    return max([FEW, *(counts.total() for counts in by_day.values())])


def shade(counts, busiest):
    """From 0 for a day without posts to 4 for the busiest."""
    return -(-4 * counts.total() // busiest)


class MonthCalendar:
    """A month as weeks of days, each day with what was posted. One query."""

    def __init__(self, month, today=None):
        self.month = month
        self.today = today
        self.by_day = counts_by_day(*month_bounds(month))
        self.busiest = busiest(self.by_day)

    @property
    def tally(self):
        return Tally(sum(self.by_day.values(), Counter()))

    def tally_of(self, day):
        return Tally(self.by_day.get(day, Counter()))

    def weekdays(self):
        numbers = calendar.Calendar(first_weekday()).iterweekdays()
        return [{"long": WEEKDAYS[n], "short": WEEKDAYS_ABBR[n]} for n in numbers]

    def weeks(self):
        """Rows of seven cells; a cell outside the month has no day."""
        days = calendar.Calendar(first_weekday()).monthdatescalendar(self.month.year, self.month.month)
        return [[self._cell(day) for day in week] for week in days]

    def _cell(self, day):
        if day.month != self.month.month:
            return {}
        tally = self.tally_of(day)
        return {
            "day": day,
            "tally": tally,
            "shade": shade(tally.counts, self.busiest),
            "is_current": day == self.today,
        }


class Year:
    """A year: its months with what was posted in each, and all its days in weeks. One query."""

    SQUARE = 12  # the sides of a day's square and the gap after it, in the units of the picture
    TOP = 16  # for the names of the months

    def __init__(self, year):
        self.first = date(year, 1, 1)
        self.last = date(year, 12, 31)
        self.by_day = counts_by_day(self.first, self.last)
        self.busiest = busiest(self.by_day)

    def months(self):
        """Those that have posts, as dates, each with its tally."""
        return [(month, Tally(counts)) for month, counts in self._by_month().items()]

    def plot(self):
        """The posts of each kind in each of the twelve months."""
        by_month = self._by_month()
        months = [self.first.replace(month=number) for number in range(1, 13)]
        kinds = Post.kinds()
        return Stacks(
            [kind.label_plural for kind in kinds.values()],
            [
                (date_format(month, "M"), [by_month.get(month, Counter())[name] for name in kinds])
                for month in months
            ],
        )

    def days(self):
        """Every day with its place in the picture: weeks one beside the other, their first day on top."""
        for number in range((self.last - self.first).days + 1):
            day = self.first + timedelta(number)
            counts = self.by_day.get(day, Counter())
            week, weekday = self._place(day)
            yield {
                "day": day,
                "x": week * self.SQUARE,
                "y": self.TOP + weekday * self.SQUARE,
                "tally": Tally(counts),
                "shade": shade(counts, self.busiest),
            }

    def month_names(self):
        """The names over the weeks that the months begin in."""
        for number in range(1, 13):
            first = self.first.replace(month=number)
            yield {"x": self._place(first)[0] * self.SQUARE, "name": MONTHS_3[number].capitalize()}

    @property
    def text(self):
        """On how many days something was posted, and when the most, in words."""
        number = len(self.by_day)
        return ngettext("Posts on %(number)d day", "Posts on %(number)d days", number) % {"number": number}

    def _place(self, day):
        before = (self.first.weekday() - first_weekday()) % 7  # the days of its first week that are not in it
        return divmod((day - self.first).days + before, 7)

    def _by_month(self):
        months = defaultdict(Counter)
        for day, counts in self.by_day.items():
            months[day.replace(day=1)] += counts
        return months
