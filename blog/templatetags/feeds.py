"""Links from pages to their feeds."""

from django import template
from django.utils.html import format_html_join

from blog.feeds.selections import EverythingSelection
from blog.feeds.writers import WRITERS, Atom

register = template.Library()


@register.simple_tag(takes_context=True)
def feed_links(context, selection=None):
    """<link> elements for the feed in each format. Without a selection, the feed of all posts."""
    selection = selection or EverythingSelection()
    title = context["site"].title
    if selection.name:
        title = f"{title}: {selection.name}"
    formats = [("" if writer is Atom else f" ({writer.label})", writer) for writer in WRITERS]
    link = '<link rel="alternate" type="{}" title="{}{}" href="{}">'
    links = ((writer.media_type, title, label, selection.url(writer)) for label, writer in formats)
    return format_html_join("\n", link, links)


@register.simple_tag
def feed_url(selection):
    """The URL of the feed in Atom, the most expressive format."""
    return selection.url(Atom)
