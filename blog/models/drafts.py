"""Unsaved text, and private preview links to drafts."""

from datetime import timedelta
from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_token():
    return token_urlsafe(32)  # 256 bits, so it can't be guessed


class PreviewLink(models.Model):
    """A secret URL that shows a draft to whoever has it, until the author revokes it."""

    post = models.OneToOneField("blog.Post", on_delete=models.CASCADE, related_name="preview_link")
    token = models.CharField(max_length=64, unique=True, default=new_token)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")

    def __str__(self):
        return f"Preview of {self.post}"

    def get_absolute_url(self):
        return reverse("draft", args=[self.token])


MAX_COPIES = 100
MAX_AGE = timedelta(days=180)


class WorkingCopy(models.Model):
    """The unsaved fields of a form. Only its author sees it, and it changes no post.

    Each open form has a token of its own, so that two windows never overwrite each other's text. A copy stays
    if its post is deleted, and then belongs to a new post.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="working_copies"
    )
    token = models.CharField(max_length=64)
    kind = models.CharField(max_length=32)
    post = models.ForeignKey("blog.Post", null=True, on_delete=models.SET_NULL, related_name="working_copies")
    fields = models.JSONField(help_text="[name, value] pairs, as the form would submit them.")
    version = models.CharField(
        max_length=64, blank=True, help_text="Version of the post in the opened form (`version_of()`)."
    )
    saved = models.DateTimeField()

    class Meta:
        verbose_name = _("unsaved text")
        verbose_name_plural = _("unsaved texts")
        constraints = [models.UniqueConstraint(fields=["author", "token"], name="working_copy_once")]

    def __str__(self):
        return f"{self.kind} of {self.saved:%Y-%m-%d %H:%M}"

    @classmethod
    def prune(cls, author):
        """Delete the author's copies that are older than half a year, and all but the latest hundred."""
        copies = cls.objects.filter(author=author)
        copies.filter(saved__lt=timezone.now() - MAX_AGE).delete()
        old = copies.order_by("-saved", "-pk").values_list("pk", flat=True)[MAX_COPIES:]
        copies.filter(pk__in=list(old)).delete()
