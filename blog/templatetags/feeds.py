"""How pages lead to their feeds."""

from django import template
from django.utils.html import format_html_join

from blog.feeds.selections import EverythingSelection
from blog.feeds.writers import WRITERS, Atom

register = template.Library()


@register.simple_tag(takes_context=True)
def feed_links(context, selection=None):
    """For the head of a page: its feed in each format; that of everything where none is given."""
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
    """Its address in the format that says the most."""
    return selection.url(Atom)
