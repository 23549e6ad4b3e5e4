"""Addresses at which somebody without an account may see a post that is not public yet."""

from secrets import token_urlsafe

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
