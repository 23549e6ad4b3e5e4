"""Series of posts, read from the first to the last."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from blog import markup
from blog.database.reads import FollowedQuerySet
from blog.paths import path_to

from .fields import RenderedField
from .post import Post
from .redirects import Redirect
from .site_settings import SiteSettings


class SeriesQuerySet(FollowedQuerySet):
    def public(self):
        """Return the series that have public posts."""
        posts = Post.objects.published().filter(series__isnull=False).order_by()
        return self.filter(pk__in=posts.values("series"))


class Series(models.Model):
    #: Names of the URLs of a series: its page and its feeds.
    url_names = ("series", "feed-series", "rss-series", "json-series")

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=64, unique=True, allow_unicode=True)
    summary = models.TextField(_("summary"), blank=True, help_text=_("In Markdown."))
    summary_html = RenderedField()
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = pgettext_lazy("one of them", "series")
        verbose_name_plural = pgettext_lazy("several of them", "series")

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        """Render the summary, and redirect from the former URLs if the slug has changed."""
        self.render(SiteSettings.load().markup_options)
        with transaction.atomic():
            stored = Series.objects.filter(pk=self.pk).first()
            super().save(*args, **kwargs)
            if stored and stored.slug != self.slug:
                for name in self.url_names:
                    Redirect.add_move(*(path_to(name, series.slug) for series in (stored, self)))

    def get_absolute_url(self):
        return path_to("series", self.slug)

    def render(self, options):
        self.summary_html = markup.render(self.summary, markup.Format.MARKDOWN, options)
