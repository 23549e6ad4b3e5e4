"""Standing pages, such as About."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from blog import markup
from blog.database.reads import FollowedQuerySet

from .fields import RenderedField
from .site_settings import SiteSettings


class PageQuerySet(FollowedQuerySet):
    def published(self):
        """Return the pages that everybody may see."""
        return self.filter(is_draft=False)


class Page(models.Model):
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(
        _("slug"),
        max_length=64,
        unique=True,
        allow_unicode=True,
        help_text=_("The page with the slug “about” is at /about/."),
    )
    body = models.TextField(_("body"), help_text=_("In Markdown."))
    html = RenderedField()
    is_draft = models.BooleanField(_("draft"), default=False, help_text=_("Only you can see a draft."))
    modified = models.DateTimeField(_("modified"), auto_now=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("such as About", "page")
        verbose_name_plural = pgettext_lazy("such as About", "pages")
        ordering = ["title"]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.render(SiteSettings.load().markup_options)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("page", args=[self.slug])

    def clean(self):
        super().clean()
        if self.slug and resolve(f"/{self.slug}/").url_name != "page":
            message = _("The weblog itself uses /%(slug)s/. Choose another slug.") % {"slug": self.slug}
            raise ValidationError({"slug": message})

    def render(self, options):
        self.html = markup.render(self.body, markup.Format.MARKDOWN, options)
