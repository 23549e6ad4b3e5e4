"""Which posts, in which order, and each as the kind that it is."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from django.db import models
from django.db.models import Count, Q, Subquery
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from blog.database.lookups import WithoutIndex
from blog.database.row_iterables import RowIterable, rows_as
from blog.paths import path_to

#: What no list shows is not read for it. A template that shows one of these costs a query for each post, and
#: goes on showing it as it was until something else of the post changes (see `blog.caching.fragments`).
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


def after(place, time="published", pk="pk"):
    """What a list with the newest first has after a place in it: a publication time and an id.

    None is the place before the first. The first condition is what an index can use.
    """
    if place is None:
        return Q()
    moment, number = place
    same = Q(**{time: moment, f"{pk}__lt": number})
    return Q(**{f"{time}__lte": moment}) & (Q(**{f"{time}__lt": moment}) | same)


def start_of_month(first):
    """In UTC, of the month with that first day."""
    return datetime(first.year, first.month, 1, tzinfo=UTC)


def start_of_next_month(first):
    """The same of the month after it."""
    return start_of_month(first.replace(day=28) + timedelta(days=4))


class KindIterable(RowIterable):
    """Yields each row as the kind of post it is, from the columns that `as_kinds()` asks for."""

    def __iter__(self):
        names = self.names
        kinds, kind = readers(self.queryset.model, names), names.index("kind")
        for row in super().__iter__():
            model, fields, values = kinds[row[kind]]
            yield model.from_db(self.queryset.db, fields, values(row))


class Title(NamedTuple):
    """What it takes to link to a post by its title."""

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
    """As `KindIterable`, with `shown_tags`. All posts are read before the first is yielded."""

    def __iter__(self):
        posts = list(super().__iter__())
        tags = self.queryset.model.tags.through.objects.shown_for([post.pk for post in posts])
        for post in posts:
            post.shown_tags = tags[post.pk]
        return iter(posts)


@cache
def columns(model, left_out):
    """All that the kinds have, but these fields, as `values_list()` takes them."""
    own = [(field.name, field.attname) for field in model._meta.concrete_fields]
    added = [
        (f"{name}__{field.name}", f"{name}__{field.attname}")
        for name, kind in model.kinds().items()
        for field in kind._meta.local_concrete_fields
        if not field.primary_key
    ]
    return tuple(column for name, column in own + added if name not in left_out)


@cache
def readers(model, names):
    """For each kind its class, the fields that a row of these columns fills, and what takes them from it.

    The values are taken in the order in which the class declares its fields: `from_db()` relies on it.
    """
    places = {name: place for place, name in enumerate(names)}

    def reader(name, kind):
        own = {field.attname: f"{name}__{field.attname}" for field in kind._meta.local_concrete_fields}
        own[kind._meta.pk.attname] = model._meta.pk.attname
        found = [
            (field.attname, places[column])
            for field in kind._meta.concrete_fields
            if (column := own.get(field.attname, field.attname)) in places
        ]
        fields, taken = zip(*found, strict=True)
        return kind, frozenset(fields), itemgetter(*taken)

    return {name: reader(name, kind) for name, kind in model.kinds().items()}


class PostQuerySet(models.QuerySet):
    def delete(self):
        """One by one, so that each address is remembered as gone, and counts and search follow."""
        deleted = [post.as_kind().delete() for post in self]
        return sum(number for number, _ in deleted), sum((Counter(rows) for _, rows in deleted), Counter())

    delete.alters_data = True
    delete.queryset_only = True

    def published(self, *bounds):
        """What everybody may see now, within bounds. Nothing else in the project decides this for a list."""
        has_come = LessThanOrEqual(WithoutIndex("published"), timezone.now())
        return self.filter(*bounds, has_come, is_draft=False)

    def published_with(self, tag, before=None):
        """What is published and has the tag, the newest first, after a place if one is given (see `after`).

        The taggings repeat what is published. Asked of the posts as well, SQLite might begin with
        the index of all posts, and sort what it finds there.
        """
        condition = Q(taggings__tag=tag, taggings__is_public=True)
        posts = self.filter(condition & after(before, "taggings__published", "taggings__content_object"))
        return posts.order_by("-taggings__published", "-taggings__content_object")

    def neighbours(self, post):
        """Of these posts, those right before and right after the post; None at either end. One query.

        The bound on the time alone lets the index be entered where the post stands.
        """
        timeline = self.exclude(pk=post.pk)
        older = Q(published__lt=post.published) | Q(pk__lt=post.pk)
        newer = Q(published__gt=post.published) | Q(pk__gt=post.pk)
        previous = timeline.filter(older, published__lte=post.published).newest_first()
        following = timeline.filter(newer, published__gte=post.published).order_by("published", "pk")
        ids = [Subquery(found.values("pk")[:1]) for found in (previous, following)]
        found = list(self.filter(pk__in=ids).only("headline", "language", "day", "slug", "published"))
        return tuple(
            next((other for other in found if is_older(other, post) == wanted), None)
            for wanted in (True, False)
        )

    def scheduled(self):
        """What will be published when its time comes."""
        return self.filter(is_draft=False, published__gt=timezone.now())

    def drafts(self):
        return self.filter(is_draft=True)

    def before(self, place):
        """Those that a list with the newest first has after a place in it: a publication time and an id.

        None is the place before the first.
        """
        return self.filter(after(place))

    def since(self, place):
        """The others: the post at the place, and those before it in such a list."""
        moment, number = place
        same = Q(published=moment, pk__gte=number)
        return self.filter(Q(published__gt=moment) | same, published__gte=moment)

    def in_month(self, first):
        """What was published in the month of that first day, in UTC."""
        return self.filter(published__gte=start_of_month(first), published__lt=start_of_next_month(first))

    def newest_of_each(self, kinds, number):
        """The newest of these kinds, so many of each. One query more, which asks the index of kinds."""
        newest = [self.filter(kind=kind).newest_first().values("pk")[:number] for kind in kinds]
        return self.filter(pk__in=self.ids_of(newest))

    def ids_of(self, selections):
        """The ids that these selections (sliced `values("pk")`) have together. One query, or none."""
        parts = [
            self.model.objects.filter(pk__in=ids).order_by().values_list("pk", flat=True)
            for ids in selections
        ]
        return list(parts[0].union(*parts[1:], all=True)) if parts else []

    def newest_first(self):
        """By publication time, then by id: imported posts often share a time."""
        return self.order_by("-published", "-pk")

    def as_kinds(self, *left_out, iterable=KindIterable):
        """Yield entries, blogmarks, … instead of plain posts, in the same single query.

        These fields are left out: not read until somebody asks. Made from what `values_list()` gives,
        since of a post joined by `select_related()` Django makes two objects for each row, and takes
        twice as long. So `only()`, `defer()`, `select_related()` and `annotate()` cannot follow.
        """
        return rows_as(iterable, self, columns(self.model, left_out))

    def count_by_year(self):
        """How many of them are counted, of each kind in each year: {"2024": {"entry": 3}}. One query."""
        years = defaultdict(dict)
        rows = self.filter(is_counted=True).order_by().values_list("day__year", "kind")
        for year, kind, number in rows.annotate(Count("pk")):
            years[str(year)][kind] = number
        return dict(years)

    def for_lists(self):
        """Two queries, whatever the kinds: the posts with what is shown of them, and their tags."""
        return self._in_order().as_kinds(*NOT_IN_LISTS, iterable=TaggedKindIterable)

    def in_full(self):
        """As `for_lists()`, with the rendered text: for feeds and permalinks."""
        return self._in_order().as_kinds("body", "summary_html", iterable=TaggedKindIterable)

    def as_titles(self):
        """Yield what it takes to link to them, instead of posts: for hundreds of them, in half of the time.

        Only where nobody needs to be told which posts were loaded (see `blog.caching.surrogate_keys`).
        """
        return rows_as(TitleIterable, self, Title._fields)

    def _in_order(self):
        return self if self.ordered else self.newest_first()
