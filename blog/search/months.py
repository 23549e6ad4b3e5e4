"""The newest months first: so a search for what stands everywhere does not read the whole archive."""

from datetime import timedelta

from django.utils import timezone

from blog.models import Post

#: How many posts the first look goes through, and how many times as far back each further one goes.
NEAR = 5000
FURTHER = 4
#: The index is asked for at most so many months by name: each takes time, and so many have most of an archive
#: that has few posts a month.
MOST_MONTHS = 60
#: So far ahead posts may be scheduled and be found by their author.
AHEAD = timedelta(days=366)


class Look:
    """The months from that of one day to that of another."""

    def __init__(self, first, last):
        self.first, self.last = first, last

    @classmethod
    def at_the_newest(cls, last=None):
        """At as many months as have the newest `NEAR` posts that are not after the day `last`.

        None where there are not so many posts, or too many months. Two queries, of an index alone.
        """
        soon = timezone.localdate() + timedelta(days=1)
        posts = Post.objects.published().filter(day__lte=min(soon, last or soon))
        days = posts.order_by("-day", "-published", "-pk").values_list("day", flat=True)
        edge = days[NEAR : NEAR + 1].first()
        return cls.between(edge, days.first()) if edge else None

    @classmethod
    def between(cls, first, last):
        """None where that would be too many months."""
        return cls(first, last) if last - first < timedelta(days=30 * MOST_MONTHS) else None

    def further_back(self):
        return self.between(self.last - (self.last - self.first + timedelta(days=1)) * FURTHER, self.last)

    def reaches(self, day):
        return day is not None and self.first.replace(day=1) <= day

    def months(self):
        """As the index has them."""
        ahead = self.last + AHEAD
        numbers = range(self.first.year * 12 + self.first.month - 1, ahead.year * 12 + ahead.month)
        return [f"{number // 12:04}{number % 12 + 1:02}" for number in numbers]
