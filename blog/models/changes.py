"""The log of changes, from which all caches learn which pages to drop."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

MAX_KEY_LENGTH = 300


class Change(models.Model):
    """A surrogate key whose pages a change affects. Triggers write the rows (see `blog.caching.triggers`).

    The rows of one change share the site version that it led to. Old rows are deleted.
    """

    version = models.BigIntegerField()
    key = models.CharField(max_length=MAX_KEY_LENGTH)

    def __str__(self):
        return f"{self.pk}: {self.key}"

    @classmethod
    def newest(cls):
        """Return the id of the newest row, 0 if there is none."""
        return cls.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    @classmethod
    def keys_between(cls, after, last):
        """Return the distinct keys of the rows after one id and up to another, or None if some are gone."""
        rows = cls.objects.order_by("pk")
        first = rows.values_list("pk", flat=True).first()
        if first is None or first > after + 1:
            return None
        return list(
            rows.filter(pk__gt=after, pk__lte=last).order_by().values_list("key", flat=True).distinct()
        )


class PurgeProgress(models.Model):
    """One row: how far the cache in front has been told of the log of changes.

    Ids may be missing from the log, as PostgreSQL gives none back after a rollback.
    """

    PK = 1

    sent = models.BigIntegerField(default=0, help_text="The last change whose pages were purged.")
    repeated = models.BigIntegerField(default=0, help_text="The last change whose pages were purged again.")
    repeat_until = models.BigIntegerField(default=0, help_text="The last change to purge again next.")
    repeat_due = models.DateTimeField(null=True, help_text="When to do so.")
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="Purges that failed since the last success."
    )
    due = models.DateTimeField(default=timezone.now, help_text="When the next attempt may begin.")

    def __str__(self):
        return f"{self.sent} sent, {self.repeated} repeated"

    @classmethod
    def load(cls):
        return cls.objects.get_or_create(pk=cls.PK)[0]

    def claim(self, seconds):
        """Keep other processes from purging for these seconds. Returns False if another one was faster."""
        now = timezone.now()
        unclaimed = PurgeProgress.objects.filter(pk=self.PK, due=self.due, due__lte=now)
        return bool(unclaimed.update(due=now + timedelta(seconds=seconds)))

    def release(self, delay=0):
        """Store the progress, and let the next attempt begin after these seconds."""
        self.due = timezone.now() + timedelta(seconds=delay)
        self.save()
