"""The pictures that stand for posts and for the site where they are shared: drawn once, and kept."""

from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import pgettext

from blog.images import share_card

VERSION = "1"  # of how they look


class HasShareCard(models.Model):
    """Has a card, whose name is made of what is on it; empty while there is none."""

    card = models.CharField(max_length=100, blank=True, editable=False)

    class Meta:
        abstract = True

    def card_lines(self, site):
        """Title, the line above it and the line below."""
        raise NotImplementedError

    def needs_card(self):
        return True

    def _store_card_name(self):
        """Nothing but the name of the card is written: the row may have changed since."""
        raise NotImplementedError

    def draw_card(self, site):
        """Draw the card if what is on it has changed, and say whether it has."""
        words = self.card_lines(site)
        name = name_of(str(self.uuid), site.accent, *words) if self.needs_card() else ""
        if name == self.card and (not name or default_storage.exists(name)):
            return False
        picture = share_card.draw(*words, accent=site.accent) if name else None
        former, self.card = self.card, name if picture else ""
        if picture and not default_storage.exists(name):
            default_storage.save(name, ContentFile(picture))
        self._store_card_name()
        if former != self.card:
            remove_card(former)
        return former != self.card


def remove_card(name):
    if name:
        default_storage.delete(name)


def name_of(*parts):
    """Nobody guesses it: a scheduled post has its card before readers see it."""
    digest = sha256("\n".join([VERSION, *parts]).encode()).hexdigest()[:20]
    return f"cards/{digest}-{share_card.SIZE[0]}x{share_card.SIZE[1]}.png"


def post_words(post, site):
    with translation.override(site.language):
        when = date_format(post.day, pgettext("format of a date", "j F Y"))
        return post.card_title(), f"{capfirst(post.label)} · {when}", site.title
