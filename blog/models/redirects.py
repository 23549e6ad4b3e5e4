"""Redirects from former URLs, and URLs that are gone."""

import re
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TARGET = re.compile(r"(https?://[^/\s]+)?/(?!/)\S*|https?://[^/\s]+")


class FormerPermalink(models.Model):
    """A permalink that a public post had before its slug or day changed, or before it was deleted.

    It redirects to the post, or responds with 410 Gone if `post` is None.
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
        """Record the permalink of a public post when it changes, or when the post is withdrawn and may change
        its permalink later.
        """
        if not (stored and stored.is_public):
            return
        if not post.is_public or (stored.day, stored.slug) != (post.day, post.slug):
            cls.objects.update_or_create(day=stored.day, slug=stored.slug, defaults={"post": post})

    @classmethod
    def record_deletion(cls, post):
        """Record that a public post is gone. Deleting it sets `post` to None on its former permalinks."""
        if post.is_public:
            cls.objects.update_or_create(day=post.day, slug=post.slug, defaults={"post": None})


class Redirect(models.Model):
    """A redirect from a path of this site, or of another domain that points to it.

    An empty domain means this site. The path has no leading slash. `*` matches every path of the domain,
    which is then appended to the target.
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
    def add_move(cls, old, new):
        """Redirect from one path of the site to another, and update redirects that led to the old one."""
        cls.objects.filter(domain="", path=stored_path(new)).delete()
        cls.objects.filter(target=old).update(target=new)
        cls.objects.update_or_create(domain="", path=stored_path(old), defaults={"target": new})

    def clean(self):
        """Normalise the domain and path, and refuse targets that are malformed or would loop."""
        super().clean()
        self.domain = self.domain.lower()
        self.path = self.path.lstrip("/")
        if not TARGET.fullmatch(self.target):
            raise ValidationError(
                {"target": _("Enter a path such as /about/, or a URL such as https://example.com/page.")}
            )
        if self.target.startswith("/") and not self.domain and self.path in {"*", self.target.lstrip("/")}:
            raise ValidationError({"target": _("This would redirect to itself.")})


def stored_path(path):
    """Return a URL's path in the form that redirects are stored in."""
    return unquote(path).lstrip("/")
