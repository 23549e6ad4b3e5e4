"""Series: posts that belong together, read from the first to the last."""

from django.db import models
from django.urls import reverse
from django.utils import timezone

from blog import markup

from .markup_field import RenderedField
from .site import SiteSettings


class Series(models.Model):
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=64, unique=True, allow_unicode=True)
    summary = models.TextField(blank=True, help_text="In Markdown.")
    summary_html = RenderedField()
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["title", "pk"]
        verbose_name_plural = "series"

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.render(SiteSettings.load().markup_options)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("series", args=[self.slug])

    def render(self, options):
        self.summary_html = markup.render(self.summary, markup.Format.MARKDOWN, options)
