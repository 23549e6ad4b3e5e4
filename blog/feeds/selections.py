"""The posts of each feed, its name, the page that it belongs to, and its URL."""

from dataclasses import dataclass
from datetime import MAXYEAR, date
from typing import Any, Self

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from blog.database import reads
from blog.middleware import SiteRequest
from blog.models import Post, Series, SiteSettings, Tag
from blog.models.post_queryset import PostQuerySet
from blog.paths import path_to
from blog.search.parameters import Parameters
from blog.timeline.by_tag import find_tags, tagged
from blog.timeline.calendar import month_key

from .history import Cursor
from .writers import Writer


def newest_keys(before: Cursor | None, *kinds: str) -> list[str]:
    """The surrogate keys of the newest posts of these kinds, or of all; or of older ones, after a cursor."""
    if before:
        return [f"kind-{kind}" for kind in kinds or Post.kinds()]
    return [f"newest-{kind}" for kind in kinds] if kinds else ["newest"]


@dataclass(frozen=True)
class Selection:
    """All published posts, unless a subclass overrides `newest()`."""

    may_be_empty = True
    #: False if the requested URL should redirect to the canonical one.
    is_canonical = True
    #: True for a feed with monthly archive documents (RFC 5005), and for such a document.
    has_archive = is_archive = False

    @classmethod
    def from_request(cls, request: SiteRequest, *args: Any, **kwargs: Any) -> Self:
        """The selection for the arguments in the URL. Raises Http404 if there is none."""
        return cls()

    @property
    def name(self) -> str:
        return ""

    @property
    def is_pinged(self) -> bool:
        """True if a WebSub hub is pinged when the feed changes."""
        return True

    @property
    def feed(self) -> "Selection":
        """The feed that this is an archive document of; itself if it isn't one."""
        return self

    @property
    def page(self) -> str:
        """The path of the HTML page with the same posts."""
        return path_to("home")

    @property
    def route(self) -> str:
        """The part of the feed's URL name that follows the format's prefix."""
        return "everything"

    def url(self, writer: type[Writer]) -> str:
        """The path of the feed in the writer's format."""
        return path_to(f"{writer.prefix}-{self.route}")

    def newest(self, limit: int, before: Cursor | None = None) -> PostQuerySet:
        """The newest posts, up to `limit`, that precede the cursor (see `PostQuerySet.before`)."""
        posts = Post.objects.published().before(before).followed_by(*newest_keys(before))
        return posts.in_full()[:limit]


class EverythingSelection(Selection):
    has_archive = True


@dataclass(frozen=True)
class MonthSelection(EverythingSelection):
    """An archive document of the feed of everything: the posts of the month with this first day."""

    may_be_empty = False
    is_archive = True
    is_pinged = False
    route = "month"

    day: date

    @classmethod
    def from_request(cls, request: SiteRequest, date: date) -> Self:
        if date.year == MAXYEAR:
            raise Http404("No month comes after this one.")
        return cls(date)

    @property
    def feed(self) -> Selection:
        return EverythingSelection()

    def url(self, writer: type[Writer]) -> str:
        return reverse(f"{writer.prefix}-{self.route}", args=[self.day])

    def newest(self, limit: int, before: Cursor | None = None) -> PostQuerySet:
        posts = Post.objects.published().in_month(self.day).before(before)
        return posts.followed_by(f"feed-{month_key(self.day)}").in_full()[:limit]


@dataclass(frozen=True)
class KindSelection(Selection):
    """The posts of one kind."""

    kind: type[Post]

    @classmethod
    def from_request(cls, request: SiteRequest, kind: type[Post]) -> Self:
        return cls(kind)

    @property
    def name(self) -> str:
        return capfirst(self.kind.label_plural)

    @property
    def page(self) -> str:
        return reverse(self.kind.listing)

    @property
    def route(self) -> str:
        return self.kind.feed

    def newest(self, limit: int, before: Cursor | None = None) -> PostQuerySet:
        kind = str(self.kind._meta.model_name)
        posts = Post.objects.published().filter(kind=kind).followed_by(*newest_keys(before, kind))
        return posts.before(before).in_full()[:limit]


class AllButKindSelection(KindSelection):
    """The posts of all kinds but one."""

    @property
    def name(self) -> str:
        return _("Everything but %(kind)s") % {"kind": self.kind.label_plural}

    @property
    def page(self) -> str:
        return reverse("home")

    @property
    def route(self) -> str:
        return f"everything-but-{self.kind.feed}"

    def newest(self, limit: int, before: Cursor | None = None) -> PostQuerySet:
        others = [name for name, kind in Post.kinds().items() if kind is not self.kind]
        with reads.followed_by(*newest_keys(before, *others)):
            posts = Post.objects.published().before(before).newest_of_each(others, limit)
        return posts.followed_by().in_full()[:limit]


@dataclass(frozen=True)
class TagSelection(Selection):
    """The posts that have one tag, or all of several."""

    may_be_empty = False
    route = "tag"

    tags: list[Tag]
    is_canonical: bool = True

    @classmethod
    def from_request(cls, request: SiteRequest, slugs: list[str]) -> Self:
        return cls(*find_tags(slugs))

    @property
    def name(self) -> str:
        return " + ".join(tag.name for tag in self.tags)

    @property
    def is_pinged(self) -> bool:
        return len(self.tags) <= 2

    @property
    def slugs(self) -> list[str]:
        return [tag.slug for tag in self.tags]

    @property
    def page(self) -> str:
        return reverse("tag", args=[self.slugs])

    def url(self, writer: type[Writer]) -> str:
        return reverse(f"{writer.prefix}-{self.route}", args=[self.slugs])

    def newest(self, limit: int, before: Cursor | None = None) -> PostQuerySet:
        return tagged(self.tags, before).in_full()[:limit]


@dataclass(frozen=True)
class SeriesSelection(Selection):
    """The posts of a series, newest first."""

    may_be_empty = False
    route = "series"

    series: Series

    @classmethod
    def from_request(cls, request: SiteRequest, slug: str) -> Self:
        return cls(get_object_or_404(Series.objects.followed_by(f"series-{slug}"), slug=slug))

    @property
    def name(self) -> str:
        return self.series.title

    @property
    def page(self) -> str:
        return self.series.get_absolute_url()

    def url(self, writer: type[Writer]) -> str:
        return reverse(f"{writer.prefix}-{self.route}", args=[self.series.slug])

    def newest(self, limit: int, before: Cursor | None = None) -> PostQuerySet:
        posts = Post.objects.published().filter(series=self.series).followed_by(f"series-{self.series.slug}")
        return posts.before(before).in_full()[:limit]


@dataclass(frozen=True)
class SearchSelection(Selection):
    """The results of a search, newest first. Its URL has the parameters of the search page."""

    is_pinged = False

    parameters: Parameters
    site: SiteSettings

    @classmethod
    def from_request(cls, request: SiteRequest) -> Self:
        return cls(Parameters.from_query_dict(request.GET).minus("sort"), request.site)

    @property
    def name(self) -> str:
        return self.parameters.title

    @property
    def page(self) -> str:
        return self.parameters.url()

    def url(self, writer: type[Writer]) -> str:
        return self.parameters.url(f"{writer.prefix}-search")

    def newest(self, limit: int, before: Cursor | None = None) -> PostQuerySet:
        search = self.parameters.search(self.site, Post.objects.published().before(before))
        ids = [] if search.query.is_empty else [pk for pk, _, _ in search.found[:limit]]
        return Post.objects.published().filter(pk__in=ids).in_full()
