"""Stored counts per day, so that calendars and year pages count no posts."""

from collections import defaultdict

from django.db import models
from django.db.models import Count, Max

from blog.database.reads import FollowedQuerySet


class Day(models.Model):
    """A day with public posts. Call `recompute()` after any change of its posts."""

    day = models.DateField(primary_key=True)
    counts = models.JSONField(help_text='Number of public posts by kind: {"entry": 3}.')
    updated = models.DateTimeField(
        help_text="Last change of any of its posts that readers should know about."
    )

    objects = FollowedQuerySet.as_manager()

    def __str__(self):
        return str(self.day)

    @classmethod
    def recompute(cls, posts, days):
        """Recompute these days from all the posts. Only call this with the site state locked.

        Runs two queries, or three if a day has no posts left.
        """
        computed = cls.computed(posts.filter(day__in=days))
        cls.objects.bulk_create(
            computed.values(),
            update_conflicts=True,
            unique_fields=["day"],
            update_fields=["counts", "updated"],
        )
        if empty := set(days) - computed.keys():
            cls.objects.filter(day__in=empty).delete()

    @classmethod
    def computed(cls, posts):
        """Return {day: unsaved row} for the days of these posts. Runs one query."""
        counts, updated = defaultdict(dict), defaultdict(list)
        rows = posts.filter(is_counted=True).order_by().values_list("day", "kind")
        for day, kind, number, latest in rows.annotate(Count("pk"), Max("updated")):
            counts[day][kind] = number
            updated[day].append(latest)
        return {day: cls(day=day, counts=counts[day], updated=max(updated[day])) for day in counts}

    def matches(self, other):
        return (self.counts, self.updated) == (other.counts, other.updated)
