"""How many people read a feed, as far as feed services tell. Of a single reader nothing is known or kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.database.transactions import without_waiting

MAX_PER_DAY = 500


class SubscriberCount(models.Model):
    """How many subscribers to a feed a service told of on a day (UTC), the first time that it asked."""

    feed = models.CharField(max_length=200, help_text="Its path.")
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
        """Keep it, unless there is one already, or too many of that day.

        Raises OperationalError where it would have to wait: a reader who wants the feed should not.
        """
        if cls.objects.filter(day=fields["day"]).count() < MAX_PER_DAY:
            with without_waiting():
                cls.objects.bulk_create([cls(**fields)], ignore_conflicts=True)
