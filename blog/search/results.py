"""Search over posts, the same results on both databases."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import ModuleType
from typing import Any

from django.db import connection
from django.db.models import CharField, Count, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.database.lookups import InArray
from blog.models import LinkedHost, Post, Tag, Tagging
from blog.models.post_queryset import PostQuerySet
from blog.models.tags import TagQuerySet
from blog.timeline.calendar import counts_by_day

from . import postgresql, sqlite
from .months import MonthWindow, month_in_each_year
from .query import Parser, Query, Term

#: The most results of a search, the newest ones. It bounds the posts that are read, ranked and counted;
#: `months` and the limits of the query language bound the cost of querying the index.
MAX_RESULTS = 1000
#: Where filters leave no more posts than this, only those are looked up in the full-text index.
MAX_FILTERED = 5000
#: The most posts of a tag or site to read when further filters may leave few of them.
MAX_SCANNED = 6 * MAX_FILTERED
#: The longest span of days whose posts are counted to see if they are few.
MAX_DAYS_COUNTED = 2 * 366
#: The most matches to list in the hope of finding them all, which takes half a millisecond.
MAX_LISTED = 3 * MAX_RESULTS
MAX_TAG_FACETS = 30
MAX_SUGGESTIONS = 5

#: A post's id, kind and day, such as "2024-06-08".
Row = tuple[int, str, str]


def backend() -> ModuleType:
    """Return the module that queries the full-text index of the current database."""
    return {"sqlite": sqlite, "postgresql": postgresql}[connection.vendor]


def parse(text: str, language: str = "en") -> Query:
    return Parser(names_of_kinds(), language).parse(text)


def names_of_kinds() -> dict[str, str]:
    """Return {name accepted after `type:`: kind}: its names in code, in URLs and in the site's language."""
    return {
        str(word).lower(): name
        for name, kind in Post.kinds().items()
        for word in (kind.label_plural, kind.label, kind.feed, kind.listing, name)
    }


def matching(posts: PostQuerySet, query: Query, months: Sequence[str] | None = None) -> PostQuerySet:
    """Filter posts by the query's words. Runs no query.

    With months, and if the query wants words, only posts of those months match.
    """
    if expression := full_expression(query, months):
        return posts.filter(backend().matches(expression, bool(months) or not query.has_filters))
    if query.unwanted:
        return posts.filter(backend().does_not_match(backend().any_of(query.unwanted)))
    return posts


def full_expression(query: Query, months: Sequence[str] | None = None) -> str:
    """Return the index expression for the wanted but not the unwanted words, empty without wanted ones."""
    wanted = wanted_expression(query, months)
    if wanted and query.unwanted:
        return str(backend().but_not(wanted, backend().any_of(query.unwanted)))
    return wanted


def wanted_expression(query: Query, months: Sequence[str] | None = None) -> str:
    """Return the index expression for the wanted words, empty if there are none."""
    words = dict.fromkeys([*map(backend().any_of, query.wanted), *map(backend().by, query.by)])
    return str(backend().all_of([*words, *month_expressions(months)])) if words else ""


def month_expressions(months: Sequence[str] | None) -> list[str]:
    return [backend().in_months(months)] if months else []


def filtered(posts: PostQuerySet, query: Query, tags: dict[str, Tag | None]) -> PostQuerySet:
    """Filter posts by all but the query's words. `tags` maps the names in the query to tags."""
    named = [tags[name] for name in query.tags]
    wanted = sorted((tag for tag in named if tag), key=lambda tag: tag.uses)
    if len(wanted) < len(named):
        return posts.none()
    for number, tag in enumerate(wanted):  # the rarest is joined, so that its index leads
        own = Tagging.objects.filter(tag=tag, content_object=OuterRef("pk"))
        posts = posts.filter(Exists(own)) if number else posts.filter(taggings__tag=tag)
    for name in query.without_tags:
        posts = posts.exclude(taggings__tag=tags[name]) if tags[name] else posts
    for number, host in enumerate(query.sites):
        own = LinkedHost.objects.filter(host=host, post=OuterRef("pk"))
        posts = posts.filter(Exists(own)) if number else posts.filter(linked_hosts__host=host)
    first, last = query.day_bounds
    kinds = query.kinds + query.unknown_kinds
    conditions = {
        "kind__in": kinds if len(kinds) > 1 else None,
        "kind": kinds[0] if len(kinds) == 1 else None,
        "day__month": query.month,
        "day__gte": first,
        "day__lte": last,
    }
    return posts.filter(**{name: value for name, value in conditions.items() if value})


@dataclass
class Search:
    """The results of a query over some posts. Each property runs its queries once, when it is first used."""

    posts: PostQuerySet
    query: Query
    order: str = "date"
    #: The tags that the query may name. Where drafts are searched, pass all tags.
    visible_tags: TagQuerySet = field(default_factory=Tag.objects.public)
    #: The months that the results were looked for in; None for all.
    _months: list[str] | None = field(default=None, init=False, repr=False, compare=False)

    @cached_property
    def tags(self) -> dict[str, Tag | None]:
        """The tags that the query names, by the name as typed; None for a name that no tag has."""
        names = [*self.query.tags, *self.query.without_tags]
        found = self.visible_tags.by_loose_name(names) if names else {}
        return {name: found.get(name) for name in names}

    @property
    def found(self) -> list[Row]:
        """The newest posts that match, up to `MAX_RESULTS`."""
        return self._rows_and_one_more[:MAX_RESULTS]

    @property
    def is_truncated(self) -> bool:
        return len(self._rows_and_one_more) > MAX_RESULTS

    @cached_property
    def ids(self) -> list[int]:
        """The ids of the results in the requested order; by relevance, ties are newest first."""
        ids = [pk for pk, _, _ in self.found]
        if self.order == "date" or not wanted_expression(self.query) or len(ids) < 2:
            return ids
        ranks = backend().ranks(wanted_expression(self.query), month_expressions(self._months), ids)
        return sorted(ids, key=lambda pk: -ranks.get(pk, 0))

    def remarks(self) -> list[str]:
        """Return notes for the reader about parts of the query that were not used as typed."""
        kinds = [_("There is no kind “%(name)s”.") % {"name": name} for name in self.query.unknown_kinds]
        missing = [name for name, tag in self.tags.items() if tag is None]
        tags = [_("There is no tag “%(name)s”.") % {"name": name} for name in missing]
        return [*self.query.remarks, *kinds, *tags]

    def count_kinds(self) -> list[tuple[type[Post], int]]:
        """Return [(kind, number)], most frequent first."""
        counts = Counter(kind for _, kind, _ in self.found)
        return [(Post.kinds()[kind], number) for kind, number in counts.most_common()]

    def count_years(self) -> list[tuple[int, int]]:
        return sorted(Counter(int(day[:4]) for _, _, day in self.found).items())

    def count_months(self) -> list[tuple[date, int]]:
        """Return [(first day of the month, number)] if the query names a year."""
        if not self.query.year:
            return []
        counts = Counter(int(day[5:7]) for _, _, day in self.found)
        return [(date(self.query.year, month, 1), number) for month, number in sorted(counts.items())]

    def count_tags(self) -> list[tuple[str, str, int]]:
        """Return [(slug, name, number)] of the results' tags, most frequent first. Runs two queries.

        Taggings are counted by tag id, since grouping by whole tags would take twice as long.
        """
        taggings = Tagging.objects.filter(InArray("content_object", self.ids))
        rows = taggings.order_by().values_list("tag").annotate(number=Count("*"))
        counts = dict(rows.order_by("-number", "tag")[:MAX_TAG_FACETS])
        tags = Tag.objects.filter(InArray("pk", counts)).values_list("pk", "slug", "name")
        found = [(slug, name, counts[pk]) for pk, slug, name in tags]
        return sorted(found, key=lambda row: (-row[2], row[1]))

    @cached_property
    def _rows_and_one_more(self) -> list[Row]:
        """The newest matches, up to one more than `MAX_RESULTS`, by the first of these ways that applies:

        * filters leave few posts: look up only those in the index;
        * few posts have the words: list them all;
        * the query names a month of any year: search that month of each year;
        * common words: the newest months hold enough matches, or a second, wider window does;
        * otherwise: search everything.
        """
        for search in (self._search_filtered, self._search_rare_words, self._search_windows):
            if (rows := search()) is not None:
                return rows
        return self._search_months(None)

    def _search_filtered(self) -> list[Row] | None:
        if not (self.query.has_words and self._may_be_few()):
            return None
        posts = filtered(self.posts, self.query, self.tags).newest_first()
        rows = list(self._rows(posts)[: MAX_FILTERED + 1])
        return self._with_words(rows) if len(rows) <= MAX_FILTERED else None

    def _search_rare_words(self) -> list[Row] | None:
        if not self.query.wants_words or self.query.has_filters:
            return None
        ids = backend().all_if_few(full_expression(self.query), MAX_LISTED)
        if ids is None:
            return None
        posts = self.posts.filter(InArray("pk", ids)).newest_first()
        return list(self._rows(posts)[: MAX_RESULTS + 1])

    def _search_windows(self) -> list[Row] | None:
        if not self.query.wants_words:
            return None
        if self.query.month and not self.query.year:
            return self._search_months(month_in_each_year(self.query.month))
        first, last = self.query.day_bounds
        window = MonthWindow.of_newest_posts(last)
        while window:
            rows = self._search_months(window.months())
            if len(rows) > MAX_RESULTS or window.reaches(first):
                return rows
            window = window.widened(len(rows), MAX_RESULTS)
        return None

    def _search_months(self, months: list[str] | None) -> list[Row]:
        self._months = months
        posts = filtered(matching(self.posts, self.query, months), self.query, self.tags)
        return list(self._rows(self._newest_first(posts))[: MAX_RESULTS + 1])

    def _rows(self, posts: PostQuerySet) -> QuerySet[Post, Row]:
        return posts.values_list("pk", "kind", Cast("day", CharField()))

    def _may_be_few(self) -> bool:
        """Guess if few public posts have one of the tags, link to one of the sites, or fall on the days.

        With several filters, up to `MAX_SCANNED` posts of a tag or site count as few.
        """
        query = self.query
        if query.tags or query.sites:
            others = (query.kinds, query.without_tags, query.month, *query.day_bounds)
            is_narrowed = any(others) or len(query.tags) + len(query.sites) > 1
            limit = MAX_SCANNED if is_narrowed else MAX_FILTERED
            return any(tag is None or tag.uses <= limit for tag in map(self.tags.get, query.tags)) or any(
                LinkedHost.objects.filter(host=host)[: limit + 1].count() <= limit for host in query.sites
            )
        first, last = query.day_bounds
        if not first or ((last or timezone.localdate()) - first).days > MAX_DAYS_COUNTED:
            return False
        counts = counts_by_day(first, last or date.max).values()
        return sum(sum(on_day[kind] for kind in query.kinds or on_day) for on_day in counts) <= MAX_FILTERED

    def _with_words(self, rows: list[Row]) -> list[Row]:
        """Return the rows whose posts match the query's words."""
        ids, unwanted = [pk for pk, _, _ in rows], []
        if self.query.unwanted:
            unwanted = backend().matching_ids(backend().any_of(self.query.unwanted), ids)
        if expression := wanted_expression(self.query):
            ids = backend().matching_ids(expression, ids)
        wanted = set(ids).difference(unwanted)
        return [row for row in rows if row[0] in wanted]

    def _newest_first(self, posts: PostQuerySet) -> PostQuerySet:
        """Order by publication; with only filters, by the copy of it in the index of the tag or site."""
        if not self.query.has_words and self.query.tags:
            return posts.order_by("-taggings__published", "-taggings__content_object")
        if not self.query.has_words and self.query.sites:
            return posts.order_by("-linked_hosts__published", "-linked_hosts__post")
        newest: PostQuerySet = posts.newest_first()
        return newest


def rebuild_index() -> None:
    """Rebuild the database's full-text index from `SearchDocument`."""
    backend().rebuild()


def suggest(text: str, language: str = "en") -> tuple[QuerySet[Tag] | list[Tag], list[Post]]:
    """Return tags and published posts that complete the text. Runs at most six queries.

    Tags match by the beginning of their name, most used first. Posts match by words in the title, the last of
    which may be incomplete, newest first.
    """
    text = text.replace("\x00", " ").strip()[:100]
    query = parse(f"{text}*" if text[-1:].isalnum() else text, language)
    if not query.wanted:
        return [], []
    tags = Tag.objects.public().filter(name__istartswith=text).order_by("-uses", "name")
    return tags[:MAX_SUGGESTIONS], newest_titled([term for group in query.wanted for term in group])


def newest_titled(terms: list[Term]) -> list[Post]:
    """Return the newest published posts with these terms in the title. Tries the newest months first."""
    posts = Post.objects.published().newest_first().only("headline", "day", "slug", "published")
    window = MonthWindow.of_newest_posts()
    found: list[Any] = []
    for months in (window.months(), None) if window else (None,):
        expression = backend().all_of([backend().in_titles(terms), *month_expressions(months)])
        found = list(posts.filter(backend().matches(expression, bool(months)))[:MAX_SUGGESTIONS])
        if len(found) == MAX_SUGGESTIONS:
            break
    return found
