"""The models of the weblog. Import them from here."""

from .changes import Change, PurgeProgress
from .days import Day
from .drafts import PreviewLink, WorkingCopy
from .images import Image
from .imports import ImportedRow
from .kinds import Blogmark, Entry, Note, Quotation
from .links import LinkedHost, LinkedUrl
from .outbox import HubPing
from .pages import Page
from .post import Post
from .redirects import FormerPermalink, Redirect
from .revisions import Revision
from .search_index import SearchDocument, Trigram, Word
from .series import Series
from .site_settings import SiteSettings
from .site_state import SiteState, current_settings
from .subscribers import SubscriberCount
from .tag_merges import CannotMerge, CannotUndo, MergePreview, TagMerge
from .taggings import Tagging
from .tags import PreviousTagName, Tag

__all__ = [
    "Blogmark",
    "CannotMerge",
    "CannotUndo",
    "Change",
    "Day",
    "Entry",
    "FormerPermalink",
    "HubPing",
    "Image",
    "ImportedRow",
    "LinkedHost",
    "LinkedUrl",
    "MergePreview",
    "Note",
    "Page",
    "Post",
    "PreviewLink",
    "PreviousTagName",
    "PurgeProgress",
    "Quotation",
    "Redirect",
    "Revision",
    "SearchDocument",
    "Series",
    "SiteSettings",
    "SiteState",
    "SubscriberCount",
    "Tag",
    "TagMerge",
    "Tagging",
    "Trigram",
    "Word",
    "WorkingCopy",
    "current_settings",
]
