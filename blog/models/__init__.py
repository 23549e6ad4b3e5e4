"""The models of the weblog. Import them from here."""

from .days import Day
from .drafts import PreviewLink, WorkingCopy
from .images import Image
from .imports import ImportedRow
from .kinds import Blogmark, Entry, Note, Quotation
from .links import LinkedHost, LinkedUrl
from .outbox import HubPing, PendingChange, Purge
from .pages import Page
from .post import Post
from .redirects import FormerPermalink, Redirect
from .revisions import Revision
from .search_index import SearchDocument, Trigram, Word
from .series import Series
from .site_settings import SiteSettings
from .site_state import SiteState, cached_per_site_version, current_settings
from .subscribers import SubscriberCount
from .tag_merges import CannotMerge, CannotUndo, MergePreview, TagMerge
from .taggings import Tagging
from .tags import PreviousTagName, Tag

__all__ = [
    "Blogmark",
    "CannotMerge",
    "CannotUndo",
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
    "PendingChange",
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
    "SiteState",
    "SubscriberCount",
    "Tag",
    "TagMerge",
    "Tagging",
    "Trigram",
    "Word",
    "WorkingCopy",
    "cached_per_site_version",
    "current_settings",
]
