"""Share cards: images of posts and of the site for social media, drawn once and stored."""

from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import pgettext

from blog.images import share_card

DESIGN_VERSION = "1"


class HasShareCard(models.Model):
    """A model with a share card. `card` is a file name derived from its content, or empty."""

    card = models.CharField(max_length=100, blank=True, editable=False)

    class Meta:
        abstract = True

    def card_lines(self, site):
        """Return the title, the line above it and the line below."""
        raise NotImplementedError

    def needs_card(self):
        return True

    def _store_card_name(self):
        """Store the name of the card and nothing else, since the row may have changed meanwhile."""
        raise NotImplementedError

    def draw_card(self, site):
        """Draw the card if its content has changed. Returns whether it has."""
        lines = self.card_lines(site)
        name = card_name(str(self.uuid), site.accent, *lines) if self.needs_card() else ""
        if name == self.card and (not name or default_storage.exists(name)):
            return False
        image = share_card.draw(*lines, accent=site.accent) if name else None
        old, self.card = self.card, name if image else ""
        if image and not default_storage.exists(name):
            default_storage.save(name, ContentFile(image))
        self._store_card_name()
        if old != self.card:
            remove_card(old)
        return old != self.card


def remove_card(name):
    if name:
        default_storage.delete(name)


def card_name(*parts):
    """Return a file name that can't be guessed: scheduled posts have cards before readers may see them."""
    digest = sha256("\n".join([DESIGN_VERSION, *parts]).encode()).hexdigest()[:20]
    return f"cards/{digest}-{share_card.SIZE[0]}x{share_card.SIZE[1]}.png"


def post_card_lines(post, site):
    with translation.override(site.language):
        date = date_format(post.day, pgettext("format of a date", "j F Y"))
        return post.card_title(), f"{capfirst(post.label)} · {date}", site.title
