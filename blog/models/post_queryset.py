"""Queries for posts: which are public, in which order, and as instances of their kinds."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from django.db.models import Count, Q, Subquery
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from blog.database.lookups import WithoutIndex
from blog.database.reads import FollowedQuerySet
from blog.database.row_iterables import RowIterable, rows_as
from blog.paths import path_to

#: Columns that lists don't load. A template that shows one of them costs a query per post, which nothing
#: follows, so that the page is rendered anew after every change.
NOT_IN_LISTS = (
    "number",
    "uuid",
    "body",
    "format",
    "html",
    "is_draft",
    "is_counted",
    "series",
    "card",
    "card_image",
    "blogmark__link_title",
    "quotation__context",
)


def is_older(post, other):
    return (post.published, post.pk) < (other.published, other.pk)


def older_than(position, published="published", pk="pk"):
    """Return a condition for the rows after a position in a newest-first list (keyset pagination).

    The position is a publication time and an id, or None for the start. An index can use the first part of
    the condition.
    """
    if position is None:
        return Q()
    moment, number = position
    same = Q(**{published: moment, f"{pk}__lt": number})
    return Q(**{f"{published}__lte": moment}) & (Q(**{f"{published}__lt": moment}) | same)


def start_of_month(first):
    """Return midnight UTC of the first day of a month."""
    return datetime(first.year, first.month, 1, tzinfo=UTC)


def start_of_next_month(first):
    """Return midnight UTC of the first day of the month after that."""
    return start_of_month(first.replace(day=28) + timedelta(days=4))


class KindIterable(RowIterable):
    """Yields each row as an instance of its kind, from the columns that `as_kinds()` selects."""

    def __iter__(self):
        names = self.names
        loaders, kind = kind_loaders(self.queryset.model, names), names.index("kind")
        for row in super().__iter__():
            model, fields, values = loaders[row[kind]]
            yield model.from_db(self.queryset.db, fields, values(row))


class Title(NamedTuple):
    """The part of a post that a link to it needs."""

    day: date
    slug: str
    headline: str
    language: str

    def get_absolute_url(self):
        return path_to("post", self.day, self.slug)


class TitleIterable(RowIterable):
    def __iter__(self):
        return map(Title._make, super().__iter__())


class TaggedKindIterable(KindIterable):
    """Like `KindIterable`, with `shown_tags`. Loads all posts before it yields the first."""

    def __iter__(self):
        posts = list(super().__iter__())
        tags = self.queryset.model.tags.through.objects.shown_for([post.pk for post in posts])
        for post in posts:
            post.shown_tags = tags[post.pk]
        return iter(posts)


@cache
def kind_columns(model, excluded):
    """Return all columns of all kinds except these, as arguments for `values_list()`."""
    own = [(field.name, field.attname) for field in model._meta.concrete_fields]
    of_kinds = [
        (f"{name}__{field.name}", f"{name}__{field.attname}")
        for name, kind in model.kinds().items()
        for field in kind._meta.local_concrete_fields
        if not field.primary_key
    ]
    return tuple(column for name, column in own + of_kinds if name not in excluded)


@cache
def kind_loaders(model, names):
    """Return {kind: (class, fields, getter)} for rows of these columns. The getter picks the fields' values.

    `Model.from_db()` relies on their order, which is that of the fields in the class.
    """
    positions = {name: position for position, name in enumerate(names)}

    def loader(name, kind):
        own = {field.attname: f"{name}__{field.attname}" for field in kind._meta.local_concrete_fields}
        own[kind._meta.pk.attname] = model._meta.pk.attname
        found = [
            (field.attname, positions[column])
            for field in kind._meta.concrete_fields
            if (column := own.get(field.attname, field.attname)) in positions
        ]
        fields, picked = zip(*found, strict=True)
        return kind, frozenset(fields), itemgetter(*picked)

    return {name: loader(name, kind) for name, kind in model.kinds().items()}


class PostQuerySet(FollowedQuerySet):
    def delete(self):
        """Delete the posts one by one, so that permalinks are recorded as gone and counts stay right."""
        deleted = [post.as_kind().delete() for post in self]
        return sum(number for number, _ in deleted), sum((Counter(rows) for _, rows in deleted), Counter())

    delete.alters_data = True
    delete.queryset_only = True

    def published(self, *bounds):
        """Return the posts that are public now, of those within `bounds` (conditions on the same columns).

        The only definition of a public post: everything else calls this.
        """
        is_past = LessThanOrEqual(WithoutIndex("published"), timezone.now())
        return self.filter(*bounds, is_past, is_draft=False)

    def published_with(self, tag, before=None):
        """Return the public posts with a tag, newest first, after a position if given (see `older_than()`).

        Uses the copies that taggings have of the publication. With a condition on posts as well, SQLite might
        start from an index of all posts and sort them.
        """
        condition = Q(taggings__tag=tag, taggings__is_public=True)
        posts = self.filter(condition & older_than(before, "taggings__published", "taggings__content_object"))
        return posts.order_by("-taggings__published", "-taggings__content_object")

    def neighbours(self, post):
        """Return the posts right before and right after this one, or None at either end. Runs one query.

        The condition on the time alone lets the index start at the post.
        """
        others = self.exclude(pk=post.pk)
        older = Q(published__lt=post.published) | Q(pk__lt=post.pk)
        newer = Q(published__gt=post.published) | Q(pk__gt=post.pk)
        previous = others.filter(older, published__lte=post.published).newest_first()
        following = others.filter(newer, published__gte=post.published).order_by("published", "pk")
        ids = [Subquery(found.values("pk")[:1]) for found in (previous, following)]
        found = self.filter(pk__in=ids).only("headline", "language", "day", "slug", "published")
        found = list(found.followed_by(f"at-{post.pk}"))
        return tuple(
            next((other for other in found if is_older(other, post) == wanted), None)
            for wanted in (True, False)
        )

    def scheduled(self):
        """Return the posts that will be published at a time in the future."""
        return self.filter(is_draft=False, published__gt=timezone.now())

    def drafts(self):
        return self.filter(is_draft=True)

    def before(self, position):
        """Return the posts that are older than a position: a publication time and an id, or None for all."""
        return self.filter(older_than(position))

    def since(self, position):
        """Return the other posts: the one at the position, and those that are newer."""
        moment, number = position
        same = Q(published=moment, pk__gte=number)
        return self.filter(Q(published__gt=moment) | same, published__gte=moment)

    def in_month(self, first):
        """Return the posts published in a month (UTC), given its first day."""
        return self.filter(published__gte=start_of_month(first), published__lt=start_of_next_month(first))

    def newest_of_each(self, kinds, number):
        """Return the newest posts of each of these kinds. Runs one query for their ids."""
        newest = [self.filter(kind=kind).newest_first().values("pk")[:number] for kind in kinds]
        return self.filter(pk__in=self.ids_of(newest))

    def ids_of(self, querysets):
        """Return the ids in these querysets (sliced `values("pk")`). Runs one query, or none."""
        parts = [
            self.model.objects.filter(pk__in=ids).order_by().values_list("pk", flat=True) for ids in querysets
        ]
        return list(parts[0].union(*parts[1:], all=True)) if parts else []

    def newest_first(self):
        """Order by publication time, then by id, since imported posts often share a time."""
        return self.order_by("-published", "-pk")

    def as_kinds(self, *excluded, iterable=KindIterable):
        """Yield entries, blogmarks, … instead of plain posts, in a single query, with these fields deferred.

        Builds on `values_list()`: with `select_related()` Django makes two objects per row, which takes twice
        as long. So don't chain `only()`, `defer()`, `select_related()` or `annotate()`.
        """
        return rows_as(iterable, self, kind_columns(self.model, excluded))

    def count_by_year(self):
        """Return the numbers of counted posts by year and kind: {"2024": {"entry": 3}}. Runs one query."""
        years = defaultdict(dict)
        rows = self.filter(is_counted=True).order_by().values_list("day__year", "kind")
        for year, kind, number in rows.annotate(Count("pk")):
            years[str(year)][kind] = number
        return dict(years)

    def for_lists(self):
        """Yield posts with the fields that lists show, and their tags. Runs two queries."""
        return self._in_order().as_kinds(*NOT_IN_LISTS, iterable=TaggedKindIterable)

    def in_full(self):
        """Yield posts like `for_lists()`, but with the whole text, for feeds and permalinks."""
        return self._in_order().as_kinds("body", "summary_html", iterable=TaggedKindIterable)

    def as_titles(self):
        """Yield `Title`s instead of posts, in half the time for hundreds of them.

        Only use this where the queryset's own keys stand for the titles too (see `blog.database.reads`).
        """
        return rows_as(TitleIterable, self, Title._fields)

    def _in_order(self):
        return self if self.ordered else self.newest_first()
