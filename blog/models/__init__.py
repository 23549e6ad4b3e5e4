"""What the weblog stores. Every model can be imported from here."""

from .imports import ImportedRow
from .kinds import Blogmark, Entry, Note, Quotation
from .pages import Page
from .post import Post
from .redirects import FormerPermalink, Redirect
from .series import Series
from .site import SiteSettings
from .tags import PreviousTagName, Tag, Tagging

__all__ = [
    "Blogmark",
    "Entry",
    "FormerPermalink",
    "ImportedRow",
    "Note",
    "Page",
    "Post",
    "PreviousTagName",
    "Quotation",
    "Redirect",
    "Series",
    "SiteSettings",
    "Tag",
    "Tagging",
]
