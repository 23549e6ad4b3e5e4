"""Series: posts that belong together, read from the first to the last."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from blog import markup

from .markup_field import RenderedField
from .site import SiteSettings


class Series(models.Model):
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=64, unique=True, allow_unicode=True)
    summary = models.TextField(_("summary"), blank=True, help_text=_("In Markdown."))
    summary_html = RenderedField()
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = pgettext_lazy("one of them", "series")
        verbose_name_plural = pgettext_lazy("several of them", "series")

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.render(SiteSettings.load().markup_options)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("series", args=[self.slug])

    def render(self, options):
        self.summary_html = markup.render(self.summary, markup.Format.MARKDOWN, options)
