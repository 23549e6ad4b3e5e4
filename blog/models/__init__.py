"""What the weblog stores. Every model can be imported from here."""

from blog.database.lookups import IsListed

from .days import Day
from .drafts import PreviewLink, WorkingCopy
from .images import Image
from .imports import ImportedRow
from .kinds import Blogmark, Entry, Note, Quotation
from .links import Link, LinkedAddress
from .outbox import Change, News, Purge
from .pages import Page
from .post import Post
from .redirects import FormerPermalink, Redirect
from .revisions import Revision
from .search_index import SearchDocument, Trigram, Word
from .series import Series
from .site_settings import SiteSettings, settings_of_now, while_unchanged
from .subscribers import SubscriberCount
from .tag_merges import CannotMerge, CannotUndo, MergePreview, TagMerge
from .tags import PreviousTagName, Tag, Tagging

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
