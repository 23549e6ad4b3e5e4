"""Subscriber counts that feed services report. Nothing is stored about single readers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.database.transactions import without_waiting

MAX_PER_DAY = 500


class SubscriberCount(models.Model):
    """The number of subscribers to a feed that a service reported first on a day (UTC)."""

    feed = models.CharField(max_length=200, help_text="Path of the feed.")
    service = models.CharField(max_length=80)
    day = models.DateField()
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("number of subscribers")
        verbose_name_plural = _("subscribers to feeds")
        constraints = [
            models.UniqueConstraint(fields=["day", "feed", "service"], name="subscribers_once_a_day")
        ]
        indexes = [models.Index(fields=["feed", "day"], name="subscribers_by_feed")]

    def __str__(self):
        return f"{self.service}: {self.number} of {self.feed} on {self.day}"

    @classmethod
    def record(cls, **fields):
        """Store a count, unless the service has one for that day or the day has too many.

        Raises OperationalError instead of waiting for a lock, so that no feed is delayed.
        """
        if cls.objects.filter(day=fields["day"]).count() < MAX_PER_DAY:
            with without_waiting():
                cls.objects.bulk_create([cls(**fields)], ignore_conflicts=True)
