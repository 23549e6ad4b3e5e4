"""What has changed for readers, and which pages the caches in front of the weblog are to forget for it."""

from django.db import models
from django.utils import timezone

from .outbox import Outbox

LONGEST_NAME = 300


class Change(models.Model):
    """One thing that has changed, such as `post-7` or `day-2024-06-08`.

    Triggers in the database write the rows (see `blog.purging.facts`).
    """

    name = models.CharField(max_length=LONGEST_NAME, primary_key=True)

    def __str__(self):
        return self.name


class Purge(Outbox):
    """The name of pages that are to be forgotten (see `blog.purging.names`)."""

    name = models.CharField(max_length=LONGEST_NAME, unique=True)
    was_told = models.BooleanField(
        default=False, help_text="Once: it is told again, for answers that were on their way."
    )

    class Meta:
        indexes = [models.Index(fields=["due"], name="purge_due")]

    def __str__(self):
        return f"{self.name}, due {self.due}"

    @classmethod
    def note(cls, names):
        """All of them are due now, whatever was noted of them before."""
        if names:
            cls.objects.bulk_create(
                [cls(name=name, due=timezone.now()) for name in sorted(names)],
                update_conflicts=True,
                unique_fields=["name"],
                update_fields=["due", "attempts", "was_told"],
            )
