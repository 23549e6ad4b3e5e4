"""The kinds of post. A new one is a class here, a template, an admin class and a factory."""

from django.db import models
from django.utils.formats import date_format

from blog import markup
from blog.addresses import host_of

from .markup_field import RenderedField
from .post import Post


class Entry(Post):
    """A titled article."""

    listing, feed, short = "entries", "entries", "e"

    class Meta:
        verbose_name = "entry"
        verbose_name_plural = "entries"

    def headline_text(self):
        return self.title

    def summarise(self, html):
        return markup.excerpt(html)

    def render(self, options):
        super().render(options)
        self.has_more = markup.has_more(self.html)


class Blogmark(Post):
    """A link worth following. Its commentary is the post's body."""

    listing, feed, short = "blogmarks", "links", "b"
    told_fields = (*Post.told_fields, "link_url", "link_title", "via_url", "via_title")
    leads_away = True

    link_url = models.URLField("link address", max_length=2000)
    link_title = models.CharField(max_length=500)
    via_url = models.URLField(
        "via address", max_length=2000, blank=True, help_text="Where you found the link."
    )
    via_title = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = "link"
        verbose_name_plural = "links"

    def headline_text(self):
        return self.link_title

    def outside_links(self):
        return [self.link_url, self.via_url]

    def target(self):
        return self.link_url

    def found_at(self):
        return self.via_url

    def found_at_title(self):
        return self.via_title

    def search_title(self):
        return f"{self.link_title} {self.title}"

    def search_details(self):
        return [host_of(self.link_url), self.via_title]

    def page_title(self):
        return markup.typeset(self.title) or self.headline


class Quotation(Post):
    """Somebody's words, which are the post's body, and whose they are."""

    listing, feed, short = "quotations", "quotations", "q"
    told_fields = (*Post.told_fields, "source", "source_url", "context")

    source = models.CharField(max_length=255, help_text="Whose words these are.")
    source_url = models.URLField("source address", max_length=2000, blank=True)
    context = models.CharField(
        max_length=255, blank=True, help_text="Where or when it was said, shown after the source."
    )
    context_html = RenderedField()

    class Meta:
        verbose_name = "quotation"
        verbose_name_plural = "quotations"

    def headline_text(self):
        return f"Quoting {self.source}"

    def card_title(self):
        return f"“{self.description}”" if self.description else self.headline

    def slug_source(self):
        return self.source

    def outside_links(self):
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
    """A short text; its title is optional."""

    listing, feed, short = "notes", "notes", "n"

    class Meta:
        verbose_name = "note"
        verbose_name_plural = "notes"

    def headline_text(self):
        return self.title or f"Note on {date_format(self.day, 'jS F Y')}"

    def own_title(self):
        return self.title and self.page_title()

    def card_title(self):
        return self.headline if self.title else self.description or self.headline

    def slug_source(self):
        return self.title or self.body[:200]

    def search_title(self):
        return self.title
