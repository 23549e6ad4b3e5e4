"""Which posts a feed has, what it is called, to which page it belongs and where it is."""

from dataclasses import dataclass
from datetime import MAXYEAR, date

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from blog.caching.surrogate_keys import month_key
from blog.models import Post, Series
from blog.paths import path_to
from blog.search.parameters import Parameters
from blog.timeline.by_tag import find_tags, tagged


@dataclass(frozen=True)
class Selection:
    """All that is published, unless a subclass says something else."""

    name = ""
    may_be_empty = True
    #: Whether the address is spelt as links spell it.
    is_exact = True
    #: Whether the posts of each month have a document of their own, and whether this is one.
    has_archive = is_archive = False
    #: Whether a hub is told of its news (see `websub`).
    is_told = True
    route = "everything"

    @classmethod
    def of(cls, request):
        """What the request asks for. Raises Http404 for what is not there."""
        return cls()

    @property
    def feed(self):
        """The feed that this is a part of: itself."""
        return self

    @property
    def page(self):
        return path_to("home")

    def url(self, writer):
        """The path of the feed that this writer writes."""
        return path_to(f"{writer.prefix}-{self.route}")

    @staticmethod
    def surrogate_keys(is_first):
        """Of a document of the feed: the first, or one of those that follow."""
        return ["newest"] if is_first else [f"kind-{name}" for name in Post.kinds()]

    def newest(self, number, before=None):
        """So many posts, the newest first; with a place (see `PostQuerySet.before`) those after it."""
        return Post.objects.published().before(before).in_full()[:number]


class EverythingSelection(Selection):
    has_archive = True


@dataclass(frozen=True)
class MonthSelection(EverythingSelection):
    """The part of the archive of everything that was published in a month, which its first day stands for."""

    may_be_empty = False
    is_archive = True
    is_told = False
    route = "month"

    day: date

    @classmethod
    def of(cls, request, date):
        if date.year == MAXYEAR:
            raise Http404("No month comes after this one.")
        return cls(date)

    @staticmethod
    def surrogate_keys(is_first, date):
        return [f"feed-{month_key(date)}"]

    @property
    def feed(self):
        return EverythingSelection()

    def url(self, writer):
        return reverse(f"{writer.prefix}-{self.route}", args=[self.day])

    def newest(self, number, before=None):
        return Post.objects.published().in_month(self.day).before(before).in_full()[:number]


@dataclass(frozen=True)
class KindSelection(Selection):
    """The posts of one kind."""

    kind: type[Post]

    @classmethod
    def of(cls, request, kind):
        return cls(kind)

    @staticmethod
    def surrogate_keys(is_first, kind):
        return [f"{'newest' if is_first else 'kind'}-{kind._meta.model_name}"]

    @property
    def name(self):
        return capfirst(self.kind.label_plural)

    @property
    def page(self):
        return reverse(self.kind.listing)

    @property
    def route(self):
        return self.kind.feed

    def newest(self, number, before=None):
        posts = Post.objects.published().filter(kind=self.kind._meta.model_name)
        return posts.before(before).in_full()[:number]


class AllButKindSelection(KindSelection):
    """Everything but the posts of one kind."""

    @staticmethod
    def surrogate_keys(is_first, kind):
        prefix = "newest" if is_first else "kind"
        return [f"{prefix}-{name}" for name, other in Post.kinds().items() if other is not kind]

    @property
    def name(self):
        return _("Everything but %(kind)s") % {"kind": self.kind.label_plural}

    @property
    def page(self):
        return reverse("home")

    @property
    def route(self):
        return f"everything-but-{self.kind.feed}"

    def newest(self, number, before=None):
        others = [name for name, kind in Post.kinds().items() if kind is not self.kind]
        posts = Post.objects.published().before(before).newest_of_each(others, number)
        return posts.in_full()[:number]


@dataclass(frozen=True)
class TagSelection(Selection):
    """The posts that have one tag, or all of several."""

    may_be_empty = False
    route = "tag"

    tags: list
    is_exact: bool = True

    @classmethod
    def of(cls, request, slugs):
        return cls(*find_tags(slugs))

    @staticmethod
    def surrogate_keys(is_first, slugs):
        return [f"tag-{slug}" for slug in slugs]

    @property
    def name(self):
        return " + ".join(tag.name for tag in self.tags)

    @property
    def is_told(self):
        return len(self.tags) <= 2

    @property
    def slugs(self):
        return [tag.slug for tag in self.tags]

    @property
    def page(self):
        return reverse("tag", args=[self.slugs])

    def url(self, writer):
        return reverse(f"{writer.prefix}-{self.route}", args=[self.slugs])

    def newest(self, number, before=None):
        return tagged(self.tags, before).in_full()[:number]


@dataclass(frozen=True)
class SeriesSelection(Selection):
    """The posts of a series, the newest first."""

    may_be_empty = False
    route = "series"

    series: Series

    @classmethod
    def of(cls, request, slug):
        return cls(get_object_or_404(Series, slug=slug))

    @staticmethod
    def surrogate_keys(is_first, slug):
        return [f"series-{slug}"]

    @property
    def name(self):
        return self.series.title

    @property
    def page(self):
        return self.series.get_absolute_url()

    def url(self, writer):
        return reverse(f"{writer.prefix}-{self.route}", args=[self.series.slug])

    def newest(self, number, before=None):
        posts = Post.objects.published().filter(series=self.series)
        return posts.before(before).in_full()[:number]


@dataclass(frozen=True)
class SearchSelection(Selection):
    """What a search finds, the newest first, at the search's own parameters."""

    is_told = False

    parameters: Parameters
    site: object

    @classmethod
    def of(cls, request):
        return cls(Parameters.from_query_dict(request.GET).minus("sort"), request.site)

    @staticmethod
    def surrogate_keys(is_first):
        return ["search"]

    @property
    def name(self):
        return self.parameters.title

    @property
    def page(self):
        return self.parameters.url()

    def url(self, writer):
        return self.parameters.url(f"{writer.prefix}-search")

    def newest(self, number, before=None):
        search = self.parameters.search(self.site, Post.objects.published().before(before))
        ids = [] if search.query.is_empty else [pk for pk, _, _ in search.found[:number]]
        return Post.objects.published().filter(pk__in=ids).in_full()
