"""What each day has: kept, so that calendars and years count no posts."""

from collections import defaultdict

from django.db import models
from django.db.models import Count, Max


class Day(models.Model):
    """A day with public posts. `recompute()` brings it up to date after any change of its posts."""

    day = models.DateField(primary_key=True)
    counts = models.JSONField(help_text="How many public posts it has, by kind.")
    updated = models.DateTimeField(help_text="The last change of any of them that readers should know of.")

    def __str__(self):
        return str(self.day)

    @classmethod
    def recompute(cls, posts, days):
        """Count what these days have among all the posts. Two queries, or three where a day is left empty.

        Called while the site settings are locked: one at a time.
        """
        found = cls.computed(posts.filter(day__in=days))
        cls.objects.bulk_create(
            found.values(), update_conflicts=True, unique_fields=["day"], update_fields=["counts", "updated"]
        )
        if empty := set(days) - found.keys():
            cls.objects.filter(day__in=empty).delete()

    @classmethod
    def computed(cls, posts):
        """{day: the row that it should have}, for the days of these posts. One query."""
        counts, updated = defaultdict(dict), defaultdict(list)
        rows = posts.filter(is_counted=True).order_by().values_list("day", "kind")
        for day, kind, number, latest in rows.annotate(Count("pk"), Max("updated")):
            counts[day][kind] = number
            updated[day].append(latest)
        return {day: cls(day=day, counts=counts[day], updated=max(updated[day])) for day in counts}

    def matches(self, other):
        return (self.counts, self.updated) == (other.counts, other.updated)
