"""What the kinds of post differ in. What is not said here is common to all of them."""

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
    """What a kind may say of itself.

    It has to declare `listing` (its page is `/<listing>/`), `feed` (its feed is `/atom/<feed>/`), `short`
    (its short links are `/<short>/ID`) and `count_label`, and to answer `headline_text()`.
    """

    listing: ClassVar[str]
    feed: ClassVar[str]
    short: ClassVar[str]
    #: The fields of which a change is one that readers should know of. Kinds add their own.
    content_fields = ("title", "body")
    #: So many posts of the kind, in words: `count_label % {"number": 1234, "shown": "1,234"}`.
    count_label = ngettext_lazy("%(shown)s post", "%(shown)s posts", "number")
    #: Whether the post leads readers to another page: feeds may link there instead of to the permalink.
    links_out = False
    #: Whether the kind belongs in lists of titles: recent posts, and the months of a year.
    listed_by_title = False
    #: How the capture form makes a post of the kind. Without rules, it doesn't offer the kind.
    capture_rules: CaptureRules | None = None

    @classproperty
    def label(cls):
        """The name of the kind in the middle of a sentence."""
        return cls._meta.verbose_name

    @classproperty
    def label_plural(cls):
        return cls._meta.verbose_name_plural

    def headline_text(self):
        """What the post is called where one line has to do; never empty."""
        raise NotImplementedError

    def page_title(self):
        """What the browser's tab and feed readers show as the title."""
        return self.headline

    def explicit_title(self):
        """The same, but empty for a post without a title."""
        return self.page_title()

    def slug_source(self):
        """The text that a slug is made of when the author gave none."""
        return self.headline_text()

    def external_urls(self):
        """Addresses that the post leads to beside those in its text."""
        return []

    def target(self):
        """The address of what the post is about, if it is about one page."""
        return ""

    def get_via_url(self):
        """The address where the author found what the post is about, if it says so."""
        return ""

    def get_via_title(self):
        return ""

    def search_title(self):
        """What search ranks like a title."""
        return self.headline_text()

    def search_details(self):
        """Texts beside the body that search should find the post by."""
        return []

    def search_author(self):
        """Whose words the post's body is, if not the author's."""
        return ""

    def summarise(self, html):
        """What a list shows of the rendered text."""
        return html
