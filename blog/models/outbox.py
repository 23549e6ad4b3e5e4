"""Outgoing messages that wait in the database: WebSub pings."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Outbox(models.Model):
    """An outgoing message; models that inherit from this say what it is about.

    Several processes may deliver messages. Each claims them for a while; if it dies, the claim expires and
    another process goes on.
    """

    due = models.DateTimeField(help_text="Time of the next delivery attempt.")
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @classmethod
    def claim(cls, limit, seconds):
        """Claim up to `limit` due messages for this number of seconds, and return them."""
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
        """Return those of the claimed messages that nothing has enqueued again meanwhile."""
        return cls.objects.filter(pk__in=[message.pk for message in claimed], due=claimed[0].due)

    @classmethod
    def retry_later(cls, claimed, waits):
        """Reschedule the messages, by the seconds that `waits` has for each attempt; the last one repeats."""
        for message in claimed:
            wait = timedelta(seconds=waits[min(message.attempts, len(waits) - 1)])
            attempts = message.attempts + 1
            cls.still_claimed([message]).update(due=timezone.now() + wait, attempts=attempts)

    @classmethod
    def seconds_until_due(cls):
        """Return the seconds until the next message is due, or None if there is none."""
        first = cls.objects.order_by("due").values_list("due", flat=True).first()
        return first and max(0.05, (first - timezone.now()).total_seconds())


#: Sent once a transaction that enqueued a ping has been committed. Wakes the worker that delivers it.
ping_queued = Signal()


class HubPing(Outbox):
    """A new or updated post to announce to the WebSub hub. No rows are stored if no hub is configured."""

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
