"""The calendar: counts of posts by day, month and year, and the neighbours of each."""

import calendar
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.dates import MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format, get_format
from django.utils.translation import get_language, ngettext

from blog.database import reads
from blog.models import Day, Post
from blog.paths import path_to

from .charts import StackedBars

#: The number of posts a day needs for the darkest shade, if no day has more.
MIN_BUSY = 4


def counts_by_day(first, last, key="days"):
    """Return the stored counts of public posts, {date: Counter({kind: n})}. Days without posts are absent.

    The key stands for these counts (see `blog.database.reads`). Runs one query.
    """
    days = Day.objects.filter(day__range=(first, last)).order_by("day").followed_by(key)
    texts = dict(days.values_list(*(Cast(name, TextField()) for name in ("day", "counts"))))
    counts = json.loads(f"[{','.join(texts.values())}]")  # one document takes a third of the time of many
    return {date.fromisoformat(day): Counter(on_day) for day, on_day in zip(texts, counts, strict=True)}


def counts_by_month(first):
    """Return {"2024-06": n} from the month of the date `first` on. Months without posts are absent.

    Runs one query.
    """
    months = Counter()
    for day, counts in counts_by_day(first.replace(day=1), date.max).items():
        months[f"{day:%Y-%m}"] += counts.total()
    return dict(months)


def nearest_days(first, last=None):
    """Return the last day with posts before `first` and the first one after `last`, None if there is none.

    Runs two queries.
    """
    return last_day_before(first), first_day_after(last or first)


def last_day_before(day):
    days = Day.objects.followed_by().filter(day__lt=day).order_by("-day")
    found = days.values_list("day", flat=True).first()
    reads.depends_on(f"after-{found or 'none'}")
    return found


def first_day_after(day):
    days = Day.objects.followed_by().filter(day__gt=day).order_by("day")
    found = days.values_list("day", flat=True).first()
    reads.depends_on(f"before-{found or 'none'}")
    return found


def month_key(day):
    """Return `2024-06` for any day of that month."""
    return day.isoformat()[:7]


def month_bounds(month):
    """Return the first and last day of the date's month."""
    return month.replace(day=1), month.replace(day=calendar.monthrange(month.year, month.month)[1])


def first_weekday():
    """Return the first day of the week in the language: 0 is Monday, unlike in Django, where it is Sunday."""
    return (get_format("FIRST_DAY_OF_WEEK") - 1) % 7


@dataclass
class Tally:
    """Counts of posts by kind, printed in the order of kinds."""

    counts: Counter

    def __str__(self):
        return counts_text(get_language(), self.counts)

    @property
    def total(self):
        return self.counts.total()

    def count_of(self, kinds):
        return sum(self.counts[kind] for kind in kinds)


def counts_text(language, counts):
    """`2 links, 1 note`."""
    kinds = Post.kinds().items()
    return ", ".join(count_text(language, kind, counts[name]) for name, kind in kinds if counts[name])


@lru_cache(maxsize=1000)
def count_text(language, kind, number):
    """`2 links`, or `2 posts` for `Post` itself. Cached, since many days have the same counts."""
    return kind.count_label % {"number": number, "shown": intcomma(number)}


@lru_cache(maxsize=1000)
def day_of_month(language, month, number):
    """`8 June`, in the format of the language."""
    return date_format(date(2000, month, number), "MONTH_DAY_FORMAT")


def busiest(by_day):
    """Return the number of posts that the darkest shade stands for."""
    return max([MIN_BUSY, *(counts.total() for counts in by_day.values())])


def shade(counts, busiest):
    """Return 0 for a day without posts up to 4 for the busiest."""
    return -(-4 * counts.total() // busiest)


class MonthCalendar:
    """The calendar of a month: weeks of days, each with its counts. Runs one query."""

    def __init__(self, month, today=None):
        self.month = month
        self.today = today
        self.by_day = counts_by_day(*month_bounds(month), key=f"calendar-{month_key(month)}")
        self.busiest = busiest(self.by_day)

    @property
    def tally(self):
        return Tally(sum(self.by_day.values(), Counter()))

    def tally_of(self, day):
        return Tally(self.by_day.get(day, Counter()))

    def neighbours_of(self, day):
        """Return the nearest days with posts before and after a day of the month, None if there is none.

        Runs one query for each that is in another month.
        """
        before = max((other for other in self.by_day if other < day), default=None)
        after = min((other for other in self.by_day if other > day), default=None)
        return before or last_day_before(day), after or first_day_after(day)

    def weekdays(self):
        numbers = calendar.Calendar(first_weekday()).iterweekdays()
        return [{"long": WEEKDAYS[n], "short": WEEKDAYS_ABBR[n]} for n in numbers]

    def weeks(self):
        """Return rows of seven cells; a cell outside the month is empty."""
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
    """A year: counts by month, and a calendar of all its days."""

    SQUARE = 12  # a day's square with the gap after it, in SVG user units
    TOP = 16  # space for the names of the months

    def __init__(self, number, by_day):
        self.first = date(number, 1, 1)
        self.last = date(number, 12, 31)
        self.by_day = by_day
        self.busiest = busiest(by_day)

    @classmethod
    def load(cls, number):
        """Return the year. Runs one query."""
        return cls(number, counts_by_day(date(number, 1, 1), date(number, 12, 31), key=f"year-{number}"))

    def months(self):
        """Return the months that have posts, as dates, each with its tally."""
        return [(month, Tally(counts)) for month, counts in self._by_month.items()]

    def first_days_with(self, kinds, number):
        """Yield, month by month, the days that hold its first `number` posts of these kinds."""
        seen = Counter()
        for day, counts in self.by_day.items():
            on_day = sum(counts[kind] for kind in kinds)
            if on_day and seen[day.month] < number:
                seen[day.month] += on_day
                yield day

    def plot(self):
        """Return a chart of the posts of each kind in each of the twelve months."""
        months = [self.first.replace(month=number) for number in range(1, 13)]
        kinds = Post.kinds()
        return StackedBars(
            [kind.label_plural for kind in kinds.values()],
            [
                (date_format(month, "M"), [self._by_month.get(month, Counter())[name] for name in kinds])
                for month in months
            ],
        )

    def days(self):
        """Yield the squares of days with posts. Each week is a column that begins with its first day."""
        language = get_language()
        for day, counts in self.by_day.items():
            x, y = self._place(day)
            name = f"{day_of_month(language, day.month, day.day)}: {counts_text(language, counts)}"
            path = path_to("day", day)
            yield {"name": name, "path": path, "x": x, "y": y, "shade": shade(counts, self.busiest)}

    def empty_days_path(self):
        """The squares of days without posts as one path, inset by a unit to leave room for the outline."""
        days = (self.first + timedelta(number) for number in range((self.last - self.first).days + 1))
        places = [self._place(day) for day in days if day not in self.by_day]
        return " ".join(f"M{x + 1} {y + 1}h8v8h-8z" for x, y in places)

    def month_names(self):
        """Yield the name of each month above the week in which it begins."""
        for number in range(1, 13):
            first = self.first.replace(month=number)
            yield {"x": self._place(first)[0], "name": MONTHS_3[number].capitalize()}

    @property
    def text(self):
        """A text alternative: the number of days with posts."""
        number = len(self.by_day)
        return ngettext("Posts on %(number)d day", "Posts on %(number)d days", number) % {"number": number}

    def _place(self, day):
        week, weekday = divmod((day - self.first).days + self._days_before, 7)
        return week * self.SQUARE, self.TOP + weekday * self.SQUARE

    @cached_property
    def _days_before(self):
        """The number of days in the first week that belong to the year before."""
        return (self.first.weekday() - first_weekday()) % 7

    @cached_property
    def _by_month(self):
        months = defaultdict(Counter)
        for day, counts in self.by_day.items():
            month = months[day.replace(day=1)]
            for kind, number in counts.items():
                month[kind] += number
        return months
