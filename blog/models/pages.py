"""Standing pages, such as About."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import resolve, reverse

from blog import markup

from .markup_field import RenderedField
from .site import SiteSettings


class PageQuerySet(models.QuerySet):
    def published(self):
        """What everybody may see."""
        return self.filter(is_draft=False)


class Page(models.Model):
    title = models.CharField(max_length=200)
    slug = models.SlugField(
        max_length=64, unique=True, allow_unicode=True, help_text="“about” makes it the page at /about/."
    )
    body = models.TextField(help_text="In Markdown.")
    html = RenderedField()
    is_draft = models.BooleanField("draft", default=False, help_text="Only you can see a draft.")
    modified = models.DateTimeField(auto_now=True)

    objects = PageQuerySet.as_manager()

    class Meta:
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
            raise ValidationError({"slug": f"/{self.slug}/ is a page of the weblog itself."})

    def render(self, options):
        self.html = markup.render(self.body, markup.Format.MARKDOWN, options)
