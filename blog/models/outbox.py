"""What is to be told elsewhere, and is kept until it has been told."""

from datetime import timedelta

from django.db import models
from django.utils import timezone


class Outbox(models.Model):
    """One message. What it says is up to the models that inherit from this.

    Several processes may take messages out. What one of them has claimed is nobody else's for a time;
    if it ends in the middle, that time passes and the next one goes on.
    """

    due = models.DateTimeField(help_text="When it is to be told, or told again.")
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @classmethod
    def claim(cls, most, seconds):
        """Up to so many messages that are due, and for so long nobody else's."""
        now = timezone.now()
        until = now + timedelta(seconds=seconds)
        claimed = []
        for message in cls.objects.filter(due__lte=now).order_by("due")[:most]:
            if cls.objects.filter(pk=message.pk, due=message.due).update(due=until):
                message.due = until
                claimed.append(message)
        return claimed

    @classmethod
    def still(cls, claimed):
        """Those of the claimed messages that have not been noted again meanwhile."""
        return cls.objects.filter(pk__in=[message.pk for message in claimed], due=claimed[0].due)

    @classmethod
    def postpone(cls, claimed, waits):
        """Let them be due again: after the first attempt so many seconds later, and so on to the last."""
        for message in claimed:
            wait = timedelta(seconds=waits[min(message.attempts, len(waits) - 1)])
            attempts = message.attempts + 1
            cls.still([message]).update(due=timezone.now() + wait, attempts=attempts)

    @classmethod
    def seconds_left(cls):
        """Until the next message is due; None where there is none."""
        first = cls.objects.order_by("due").values_list("due", flat=True).first()
        return first and max(0.05, (first - timezone.now()).total_seconds())
