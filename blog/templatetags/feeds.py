"""How pages lead to their feeds."""

from django import template

from blog.feeds.selections import Everything
from blog.feeds.writers import WRITERS, Atom

register = template.Library()


@register.inclusion_tag("blog/includes/feed_links.html", takes_context=True)
def feed_links(context, selection=None):
    """For the head of a page: its feed in each format; that of everything where none is given."""
    selection = selection or Everything()
    title = context["site"].title
    return {
        "title": f"{title}: {selection.name}" if selection.name else title,
        "formats": [
            {
                "url": selection.url(writer),
                "type": writer.media_type,
                "label": "" if writer is Atom else writer.label,
            }
            for writer in WRITERS
        ],
    }


@register.simple_tag
def feed_url(selection):
    """Its address in the format that says the most."""
    return selection.url(Atom)
