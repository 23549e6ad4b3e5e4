"""Unsaved text, and private preview links to drafts."""

from datetime import timedelta
from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_token():
    return token_urlsafe(32)  # 256 bits: nobody guesses one


class PreviewLink(models.Model):
    """The address of a post for its author's friends, until it is taken back. A new one differs."""

    post = models.OneToOneField("blog.Post", on_delete=models.CASCADE, related_name="preview_link")
    token = models.CharField(max_length=64, unique=True, default=new_token)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("link for a friend")
        verbose_name_plural = _("links for a friend")

    def __str__(self):
        return f"Preview of {self.post}"

    def get_absolute_url(self):
        return reverse("draft", args=[self.token])


MOST = 100
KEPT = timedelta(days=180)


class WorkingCopy(models.Model):
    """The fields of one form as somebody left them. It is its author's alone, and touches no post.

    The token is the form's: two windows never overwrite each other's. A copy outlives its post; it is then
    one of a new post.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="working_copies"
    )
    token = models.CharField(max_length=64)
    kind = models.CharField(max_length=32)
    post = models.ForeignKey("blog.Post", null=True, on_delete=models.SET_NULL, related_name="working_copies")
    fields = models.JSONField(help_text="Pairs of a name and a value, as the form would send them.")
    version = models.CharField(
        max_length=64, blank=True, help_text="The state of the post that the form was opened with."
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
        """Let go of what its author left alone for half a year, and of all but the latest hundred."""
        copies = cls.objects.filter(author=author)
        copies.filter(saved__lt=timezone.now() - KEPT).delete()
        old = copies.order_by("-saved", "-pk").values_list("pk", flat=True)[MOST:]
        copies.filter(pk__in=list(old)).delete()
