"""The kinds of post. A new kind is a class here, a template, an admin class and a factory."""

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from blog import markup
from blog.remote.web_urls import host_of

from .fields import RenderedField
from .post import Post
from .post_kind import CaptureRules, CaptureStyle


class Entry(Post):
    """A titled article."""

    listing, feed, short = "entries", "entries", "e"
    count_label = ngettext_lazy("%(shown)s entry", "%(shown)s entries", "number")
    listed_by_title = True

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")

    def headline_text(self):
        return self.title

    def summarise(self, html):
        return markup.excerpt(html)

    def render(self, options):
        super().render(options)
        self.has_more = markup.has_more(self.html)


class Blogmark(Post):
    """A link worth following, with commentary as its body."""

    listing, feed, short = "blogmarks", "links", "b"
    count_label = ngettext_lazy("%(shown)s link", "%(shown)s links", "number")
    content_fields = (*Post.content_fields, "link_url", "link_title", "via_url", "via_title")
    links_out = True
    capture_rules = CaptureRules(
        fields={
            "link_url": "url",
            "link_title": "title",
            "body": "text",
            "via_url": "via_url",
            "via_title": "via_title",
        },
        required=("url", "title"),
    )

    link_url = models.URLField(_("link URL"), max_length=2000)
    link_title = models.CharField(_("link title"), max_length=500)
    via_url = models.URLField(
        _("via URL"), max_length=2000, blank=True, help_text=_("Where you found the link.")
    )
    via_title = models.CharField(_("via title"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")

    def headline_text(self):
        return self.link_title

    def external_urls(self):
        return [self.link_url, self.via_url]

    def target(self):
        return self.link_url

    def get_via_url(self):
        return self.via_url

    def get_via_title(self):
        return self.via_title

    def search_title(self):
        return f"{self.link_title} {self.title}"

    def search_details(self):
        return [host_of(self.link_url), self.via_title]

    def page_title(self):
        return markup.typeset(self.title) or self.headline


class Quotation(Post):
    """Somebody's words, as the body, with their source."""

    listing, feed, short = "quotations", "quotations", "q"
    count_label = ngettext_lazy("%(shown)s quotation", "%(shown)s quotations", "number")
    content_fields = (*Post.content_fields, "source", "source_url", "context")
    capture_rules = CaptureRules(
        fields={"body": "text", "source": "author", "source_url": "url", "context": "context"},
        required=("text", "author"),
        fallbacks={"author": "title"},  # where no author is known, the words are the page's
        style=CaptureStyle.VERBATIM,
    )

    source = models.CharField(_("source"), max_length=255, help_text=_("Who said or wrote it."))
    source_url = models.URLField(_("source URL"), max_length=2000, blank=True)
    context = models.CharField(
        _("context"),
        max_length=255,
        blank=True,
        help_text=_("Where or when it was said, shown after the source."),
    )
    context_html = RenderedField()

    class Meta:
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")

    def headline_text(self):
        return gettext("Quoting %(source)s") % {"source": self.source}

    def card_title(self):
        quoted = gettext("“%(text)s”") % {"text": self.description}
        return quoted if self.description else self.headline

    def slug_source(self):
        return self.source

    def external_urls(self):
        return [self.source_url]

    def target(self):
        return self.source_url

    def search_title(self):
        return f"{self.title} {self.body}"

    def search_details(self):
        return [self.source, self.context]

    def search_author(self):
        return self.source

    def render(self, options):
        super().render(options)
        self.context_html = markup.render_inline(self.context, options)


class Note(Post):
    """A short text with an optional title."""

    listing, feed, short = "notes", "notes", "n"
    count_label = ngettext_lazy("%(shown)s note", "%(shown)s notes", "number")
    capture_rules = CaptureRules(
        fields={"body": "text"}, required=("text",), style=CaptureStyle.LINK_AND_BLOCKQUOTE
    )

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def headline_text(self):
        return self.title or gettext("Note on %(date)s") % {"date": date_format(self.day)}

    def explicit_title(self):
        return self.title and self.page_title()

    def card_title(self):
        return self.headline if self.title else self.description or self.headline

    def slug_source(self):
        return self.title or self.body[:200]

    def search_title(self):
        return self.title
