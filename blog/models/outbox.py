"""Outgoing messages that wait in the database: WebSub pings and cache purges."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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
    def claim(cls, limit, seconds):
        """Up to so many messages that are due, and for so long nobody else's."""
        now = timezone.now()
        until = now + timedelta(seconds=seconds)
        claimed = []
        for message in cls.objects.filter(due__lte=now).order_by("due")[:limit]:
            if cls.objects.filter(pk=message.pk, due=message.due).update(due=until):
                message.due = until
                claimed.append(message)
        return claimed

    @classmethod
    def still_claimed(cls, claimed):
        """Those of the claimed messages that have not been noted again meanwhile."""
        return cls.objects.filter(pk__in=[message.pk for message in claimed], due=claimed[0].due)

    @classmethod
    def retry_later(cls, claimed, waits):
        """Let them be due again: after the first attempt so many seconds later, and so on to the last."""
        for message in claimed:
            wait = timedelta(seconds=waits[min(message.attempts, len(waits) - 1)])
            attempts = message.attempts + 1
            cls.still_claimed([message]).update(due=timezone.now() + wait, attempts=attempts)

    @classmethod
    def seconds_until_due(cls):
        """Until the next message is due; None where there is none."""
        first = cls.objects.order_by("due").values_list("due", flat=True).first()
        return first and max(0.05, (first - timezone.now()).total_seconds())


#: Sent once a transaction that noted news has been committed. Who tells them, listens.
ping_queued = Signal()


class HubPing(Outbox):
    """A post that is new, or says something else now. There are rows only where there is a hub to be told."""

    post = models.OneToOneField("blog.Post", on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("hub ping")
        verbose_name_plural = _("hub pings")
        indexes = [models.Index(fields=["due"], name="hub_ping_due")]

    def __str__(self):
        return f"{self.post_id}, due {self.due}"

    @classmethod
    def enqueue(cls, post):
        if settings.WEBSUB_HUB:
            cls.objects.update_or_create(post_id=post.pk, defaults={"due": timezone.now(), "attempts": 0})
            transaction.on_commit(lambda: ping_queued.send(cls))


MAX_KEY_LENGTH = 300


class PendingChange(models.Model):
    """One thing that has changed, such as `post-7` or `day-2024-06-08`.

    Triggers in the database write the rows (see `blog.caching.row_changes`).
    """

    key = models.CharField(max_length=MAX_KEY_LENGTH, primary_key=True)

    def __str__(self):
        return self.key


class Purge(Outbox):
    """The name of pages that are to be forgotten (see `blog.caching.surrogate_keys`)."""

    key = models.CharField(max_length=MAX_KEY_LENGTH, unique=True)
    was_sent = models.BooleanField(
        default=False, help_text="Once: it is told again, for answers that were on their way."
    )

    class Meta:
        indexes = [models.Index(fields=["due"], name="purge_due")]

    def __str__(self):
        return f"{self.key}, due {self.due}"

    @classmethod
    def enqueue(cls, keys):
        """All of them are due now, whatever was noted of them before."""
        if keys:
            cls.objects.bulk_create(
                [cls(key=key, due=timezone.now()) for key in sorted(keys)],
                update_conflicts=True,
                unique_fields=["key"],
                update_fields=["due", "attempts", "was_sent"],
            )
