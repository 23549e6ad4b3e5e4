"""What readers should be told of at once, until a hub has been told."""

from django.conf import settings
from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .outbox import Outbox

#: Sent once a transaction that noted news has been committed. Who tells them, listens.
news_noted = Signal()


class News(Outbox):
    """A post that is new, or says something else now. There are rows only where there is a hub to be told."""

    post = models.OneToOneField("blog.Post", on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("news")
        verbose_name_plural = _("news")
        indexes = [models.Index(fields=["due"], name="news_due")]

    def __str__(self):
        return f"{self.post_id}, due {self.due}"

    @classmethod
    def note(cls, post):
        if settings.WEBSUB_HUB:
            cls.objects.update_or_create(post_id=post.pk, defaults={"due": timezone.now(), "attempts": 0})
            transaction.on_commit(lambda: news_noted.send(cls))
