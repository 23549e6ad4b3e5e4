"""What the weblog stores. Every model can be imported from here."""

from .days import Day
from .images import Image
from .imports import ImportedRow
from .kinds import Blogmark, Entry, Note, Quotation
from .links import Link, LinkedAddress
from .listed import IsListed
from .merges import CannotMerge, CannotUndo, MergePreview, TagMerge
from .news import News
from .pages import Page
from .post import Post
from .preview_links import PreviewLink
from .purges import Change, Purge
from .redirects import FormerPermalink, Redirect
from .revisions import Revision
from .search import SearchDocument
from .series import Series
from .site import SiteSettings, settings_of_now, while_unchanged
from .subscribers import SubscriberCount
from .tags import PreviousTagName, Tag, Tagging
from .vocabulary import Trigram, Word
from .working_copies import WorkingCopy

__all__ = [
    "Blogmark",
    "CannotMerge",
    "CannotUndo",
    "Change",
    "Day",
    "Entry",
    "FormerPermalink",
    "Image",
    "ImportedRow",
    "IsListed",
    "Link",
    "LinkedAddress",
    "MergePreview",
    "News",
    "Note",
    "Page",
    "Post",
    "PreviewLink",
    "PreviousTagName",
    "Purge",
    "Quotation",
    "Redirect",
    "Revision",
    "SearchDocument",
    "Series",
    "SiteSettings",
    "SubscriberCount",
    "Tag",
    "TagMerge",
    "Tagging",
    "Trigram",
    "Word",
    "WorkingCopy",
    "settings_of_now",
    "while_unchanged",
]
