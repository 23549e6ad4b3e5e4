"""The interface of a kind of post: everything in which kinds differ, with defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from django.utils.functional import classproperty
from django.utils.translation import ngettext_lazy


class CaptureStyle(StrEnum):
    """How the capture form turns the text selected on a page into the body of a post."""

    BLOCKQUOTE = "blockquote"
    VERBATIM = "verbatim"
    LINK_AND_BLOCKQUOTE = "link-and-blockquote"  # a link to the page comes first


@dataclass(frozen=True)
class CaptureRules:
    """How the capture form makes a post of a kind.

    `fields` maps fields of the kind to those of the form: `url`, `title`, `author`, `context`, `text`,
    `via_url` and `via_title`. `required` and `fallbacks` name fields of the form; an empty field takes the
    value of its fallback.
    """

    fields: Mapping[str, str]
    required: tuple[str, ...] = ()
    fallbacks: Mapping[str, str] = field(default_factory=dict)
    style: CaptureStyle = CaptureStyle.BLOCKQUOTE


class PostKind:
    """The attributes and methods that a kind may override.

    It must declare `listing` (its page is `/<listing>/`), `feed` (its feed is `/atom/<feed>/`), `short` (its
    short links are `/<short>/ID`) and `count_label`, and implement `headline_text()`.
    """

    listing: ClassVar[str]
    feed: ClassVar[str]
    short: ClassVar[str]
    #: The fields whose changes readers should know about. Kinds add their own.
    content_fields = ("title", "body")
    #: A number of posts in words: `count_label % {"number": 1234, "shown": "1,234"}`.
    count_label = ngettext_lazy("%(shown)s post", "%(shown)s posts", "number")
    #: Whether posts are about another page. Feeds may then link to that page instead of the permalink.
    links_out = False
    #: Whether the kind belongs in lists of titles: recent posts, and the months of a year.
    listed_by_title = False
    #: How the capture form makes a post of the kind. Without rules, it doesn't offer the kind.
    capture_rules: CaptureRules | None = None

    @classproperty
    def label(cls):
        """The name of the kind for the middle of a sentence."""
        return cls._meta.verbose_name

    @classproperty
    def label_plural(cls):
        return cls._meta.verbose_name_plural

    def headline_text(self):
        """Return a name for the post that fits on one line and is never empty."""
        raise NotImplementedError

    def page_title(self):
        """Return the title for browser tabs and feed readers."""
        return self.headline

    def explicit_title(self):
        """Return `page_title()`, or an empty string for a post without a title."""
        return self.page_title()

    def slug_source(self):
        """Return the text to make a slug from if the author gave none."""
        return self.headline_text()

    def external_urls(self):
        """Return the URLs that the post links to besides those in its text."""
        return []

    def target(self):
        """Return the URL of the page that the post is about, or an empty string."""
        return ""

    def get_via_url(self):
        """Return the URL where the author found that page, or an empty string."""
        return ""

    def get_via_title(self):
        return ""

    def search_title(self):
        """Return the text that search ranks like a title."""
        return self.headline_text()

    def search_details(self):
        """Return texts besides the body that search should find the post by."""
        return []

    def search_author(self):
        """Return whose words the body is, or an empty string for the author's own."""
        return ""

    def summarise(self, html):
        """Return the part of the rendered text that lists show."""
        return html
