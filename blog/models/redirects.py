"""Addresses that answer although nothing is there any more."""

import re
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TARGET = re.compile(r"(https?://[^/\s]+)?/(?!/)\S*|https?://[^/\s]+")


class FormerPermalink(models.Model):
    """Where a public post was before its slug or day changed, or before it was deleted.

    Without a post the address is gone (410), and nothing else took its place.
    """

    day = models.DateField()
    slug = models.CharField(max_length=64)
    post = models.ForeignKey(
        "blog.Post", null=True, on_delete=models.SET_NULL, related_name="former_permalinks"
    )

    class Meta:
        verbose_name = _("former permalink")
        verbose_name_plural = _("former permalinks")
        constraints = [models.UniqueConstraint(fields=["day", "slug"], name="former_permalink_once")]

    def __str__(self):
        return f"{self.day:%Y-%m-%d}/{self.slug}"

    @classmethod
    def record_move(cls, stored, post):
        """Note the address that readers knew, when the post leaves it or hides there to leave later."""
        if not (stored and stored.is_public):
            return
        if not post.is_public or (stored.day, stored.slug) != (post.day, post.slug):
            cls.objects.update_or_create(day=stored.day, slug=stored.slug, defaults={"post": post})

    @classmethod
    def record_deletion(cls, post):
        """Note that what was at the post's address, and at its former ones, is gone."""
        if post.is_public:
            cls.objects.update_or_create(day=post.day, slug=post.slug, defaults={"post": None})


class Redirect(models.Model):
    """An address of this site, or of another host that leads here, and where it goes.

    An empty domain means the site itself. The path has no leading slash; `*` stands for
    every path of the domain, and the path is then appended to the target.
    """

    domain = models.CharField(_("domain"), max_length=253, blank=True)
    path = models.CharField(_("path"), max_length=500, blank=True)
    target = models.CharField(_("target"), max_length=2000)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["domain", "path"], name="redirect_once")]
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["domain", "path"]

    def __str__(self):
        return f"{self.domain}/{self.path}"

    @classmethod
    def add_move(cls, former, present):
        """Lead from one path of the site to another, and straight there who was led to the former one."""
        cls.objects.filter(domain="", path=stored_path(present)).delete()
        cls.objects.filter(target=former).update(target=present)
        cls.objects.update_or_create(domain="", path=stored_path(former), defaults={"target": present})

    def clean(self):
        """Take a path as authors write it, and refuse a target that leads nowhere or round in circles."""
        super().clean()
        self.domain = self.domain.lower()
        self.path = self.path.lstrip("/")
        if not TARGET.fullmatch(self.target):
            raise ValidationError(
                {"target": _("This should be a path like /about/, or https://example.com/page.")}
            )
        if self.target.startswith("/") and not self.domain and self.path in {"*", self.target.lstrip("/")}:
            raise ValidationError({"target": _("This would lead round in a circle.")})


def stored_path(path):
    """The path of a request for what is at the address."""
    return unquote(path).lstrip("/")
