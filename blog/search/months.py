"""Search windows of recent months, so that searching for a common word does not read the whole archive.

Each document is indexed with the month of its day, so a query can be limited to some months.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from blog.models import Post

#: The first window holds about this many of the newest posts.
FIRST_WINDOW_POSTS = 2500
#: The second window is this much larger than an even spread of matches would need.
WIDENING_MARGIN = 1.5
#: The longest window. Each month in a query takes time, and in an archive with few posts a month a longer
#: window would hold most of the posts.
MAX_DAYS = 5 * 366
#: The most years whose month is searched for by name.
MAX_YEARS = 100
#: How far ahead scheduled posts are covered, for the author's own searches.
SCHEDULED_AHEAD = timedelta(days=366)


def month_in_each_year(month: int) -> list[str] | None:
    """Return the month (1 to 12) of each year that has posts between the first and last, drafts included.

    None if there are more than `MAX_YEARS` years.
    """
    days = Post.objects.order_by("day").values_list("day", flat=True)
    first, last = days.first(), days.last()
    years = range(first.year, last.year + 1) if first and last else range(0)
    return [f"{year:04}{month:02}" for year in years] if len(years) <= MAX_YEARS else None


def days_of_newest(number: int, last: date) -> tuple[date | None, date | None]:
    """Return the days of the post that follows the `number` newest up to `last`, and of the newest one.

    (None, None) if there are no more than `number`. Runs at most two queries, on an index alone.
    """
    posts = Post.objects.published().filter(day__lte=last)
    days = posts.order_by("-day", "-published", "-pk").values_list("day", flat=True)
    edge = days[number : number + 1].first()
    return edge, edge and days.first()


class MonthWindow:
    """The months from that of one day to that of another."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last

    @classmethod
    def of_newest_posts(cls, last: date | None = None) -> MonthWindow | None:
        """Return the months of the newest `FIRST_WINDOW_POSTS` posts that are not after the day `last`.

        None if there are fewer posts, or they span more than `MAX_DAYS`. Runs at most two queries.
        """
        soon = timezone.localdate() + timedelta(days=1)
        edge, newest = days_of_newest(FIRST_WINDOW_POSTS, min(soon, last or soon))
        window = cls(edge, newest) if edge and newest else None
        return window if window and window.days <= MAX_DAYS else None

    def widened(self, found: int, wanted: int) -> MonthWindow | None:
        """Return a window likely to hold `wanted` matches, given that this one held `found`.

        None if this one held no match, or if the window would exceed `MAX_DAYS`.
        """
        days = self.days * WIDENING_MARGIN * wanted / found if found else MAX_DAYS + 1
        return MonthWindow(self.last - timedelta(days), self.last) if days <= MAX_DAYS else None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def reaches(self, day: date | None) -> bool:
        return day is not None and self.first.replace(day=1) <= day

    def months(self) -> list[str]:
        """Return the months as they are indexed, such as 202406, including those of scheduled posts."""
        ahead = self.last + SCHEDULED_AHEAD
        numbers = range(self.first.year * 12 + self.first.month - 1, ahead.year * 12 + ahead.month)
        return [f"{number // 12:04}{number % 12 + 1:02}" for number in numbers]
