"""Rendering the texts of many posts."""

from contextlib import contextmanager

from django.db import DatabaseError
from django.utils import translation

from .row import Unloadable


class Renderer:
    """Renders as the site's settings say, in the site's language."""

    def __init__(self, site):
        self.site = site
        self.options = site.markup_options
        self.language = site.language

    def render(self, posts):
        """The posts with their texts rendered. Raises Unloadable if one defeats the libraries."""
        for post in posts:
            with self.rendering():
                post.render(self.options)
        return posts

    @contextmanager
    def rendering(self):
        try:
            with translation.override(self.language):
                yield
        except DatabaseError:
            raise
        except Exception as error:  # whatever a library makes of a text that nobody has thought of
            raise Unloadable(
                f"has a text that cannot be rendered ({type(error).__name__}: {error})"
            ) from error
