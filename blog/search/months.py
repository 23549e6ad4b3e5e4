"""Months as words of the index: so a search for what stands everywhere does not read the whole archive."""

from datetime import timedelta

from django.utils import timezone

from blog.models import Post, cached_per_site_version

#: How many posts the first look goes through.
NEAR = 2500
#: A further look goes as far back as should be enough, and by a half further.
ENOUGH = 1.5
#: The index is asked for the months of at most five years by name: each takes time, and in so many is most of
#: an archive that has few posts a month.
MOST_DAYS = 5 * 366
#: Of one month of the year there are fewer than of all.
MOST_YEARS = 100
#: So far ahead posts may be scheduled and be found by their author.
AHEAD = timedelta(days=366)


def of_each_year(month):
    """That month (1 to 12) of each year from the first post's to the last one's, drafts included.

    None where there are too many years to name.
    """
    days = Post.objects.order_by("day").values_list("day", flat=True)
    first, last = days.first(), days.last()
    years = range(first.year, last.year + 1) if first else ()
    return [f"{year:04}{month:02}" for year in years] if len(years) <= MOST_YEARS else None


@cached_per_site_version
def newest_days(number, last):
    """Of the posts up to the day `last`: the day of the one that so many newer ones stand before, and that of
    the newest; None and None where there are not so many.

    Two queries, of an index alone, or one.
    """
    posts = Post.objects.published().filter(day__lte=last)
    days = posts.order_by("-day", "-published", "-pk").values_list("day", flat=True)
    edge = days[number : number + 1].first()
    return edge, edge and days.first()


class Look:
    """The months from that of one day to that of another."""

    def __init__(self, first, last):
        self.first, self.last = first, last

    @classmethod
    def at_the_newest(cls, last=None):
        """At as many months as have the newest `NEAR` posts that are not after the day `last`.

        None where there are not so many posts, or in too many months. One query, after a change of the site
        three.
        """
        soon = timezone.localdate() + timedelta(days=1)
        edge, newest = newest_days(NEAR, min(soon, last or soon))
        look = edge and cls(edge, newest)
        return look if look and look.days <= MOST_DAYS else None

    def further_back(self, found, wanted):
        """As far as should have all that are wanted, if they are spread as what was found here.

        None where nothing was, or where it would take too many months.
        """
        days = self.days * ENOUGH * wanted / found if found else MOST_DAYS + 1
        return Look(self.last - timedelta(days), self.last) if days <= MOST_DAYS else None

    @property
    def days(self):
        return (self.last - self.first).days + 1

    def reaches(self, day):
        return day is not None and self.first.replace(day=1) <= day

    def months(self):
        """As the index has them."""
        ahead = self.last + AHEAD
        numbers = range(self.first.year * 12 + self.first.month - 1, ahead.year * 12 + ahead.month)
        return [f"{number // 12:04}{number % 12 + 1:02}" for number in numbers]
