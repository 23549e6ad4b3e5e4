"""Finding posts: one language, one set of results on every database.

`Search` is what the pages and the feed use. Behind it, `query` reads what was typed, `sqlite`
and `postgresql` ask their index, `passages` shows what matched.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db import connection
from django.db.models import CharField, Count, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.database.lookups import InArray
from blog.models import Link, Post, Tag, Tagging
from blog.timeline.calendar import counts_by_day

from . import postgresql, sqlite
from .months import Look, of_each_year
from .query import Parser, Query

#: Of the posts that match, the newest are looked at, at most this many: it bounds what is read, ranked
#: and counted. What the index costs to ask, `months` and the bounds of the query language do (see `query`).
MAX_RESULTS = 1000
#: Where a filter leaves no more posts than this, the index is asked whether they have the words.
FEW = 5000
#: So many posts of a tag or a site are looked at to see whether other filters leave few of them.
MOST_LOOKED_AT = 6 * FEW
#: Of so many days the posts are counted, to know whether they are few.
MOST_DAYS_COUNTED = 2 * 366
#: So many posts that have a word are listed to see whether they are all, which takes half a millisecond.
MOST_LISTED = 3 * MAX_RESULTS
MOST_TAG_FACETS = 30
MOST_SUGGESTIONS = 5

BACKENDS = {"sqlite": sqlite, "postgresql": postgresql}


def parse(text, language="en"):
    return Parser(names_of_kinds(), language).parse(text)


def names_of_kinds():
    """{what may stand after `type:`: kind}: `blogmark`, as addresses say `links`, as pages say `link`."""
    return {
        str(word).lower(): name
        for name, kind in Post.kinds().items()
        for word in (kind.label_plural, kind.label, kind.feed, kind.listing, name)
    }


def matching(posts, query: Query, months=None):
    """Of these posts, those that the query's words match. Nothing is queried yet.

    If months are given, only posts of these are looked for where a word is wanted.
    """
    backend = BACKENDS[connection.vendor]
    if words := whole_expression(query, months):
        return posts.filter(backend.found(words, one_by_one=bool(months) or not query.has_filters))
    return posts.filter(backend.missing(backend.any_of(query.unwanted))) if query.unwanted else posts


def whole_expression(query, months=None):
    """What the index is asked for where words are wanted, without those that are not."""
    backend = BACKENDS[connection.vendor]
    words = words_expression(query, months)
    return backend.but_not(words, backend.any_of(query.unwanted)) if words and query.unwanted else words


def words_expression(query, months=None):
    """What the index is asked for, in its own language; empty where the query wants no words."""
    backend = BACKENDS[connection.vendor]
    words = dict.fromkeys([*map(backend.any_of, query.wanted), *map(backend.by, query.by)])
    return backend.all_of([*words, *within(months)]) if words else ""


def within(months):
    return [BACKENDS[connection.vendor].in_months(months)] if months else []


def filtered(posts, query, tags):
    """Of these posts, those that pass the query's filters; `tags` are its tags by what was typed."""
    if not all(tags[name] for name in query.tags):
        return posts.none()
    first, *others = sorted((tags[name] for name in query.tags), key=lambda tag: tag.uses) or [None]
    posts = posts.filter(taggings__tag=first) if first else posts
    for tag in others:
        posts = posts.filter(Exists(Tagging.objects.filter(tag=tag, content_object=OuterRef("pk"))))
    for name in query.without_tags:
        posts = posts.exclude(taggings__tag=tags[name]) if tags[name] else posts
    for number, host in enumerate(query.sites):
        own = Link.objects.filter(host=host, post=OuterRef("pk"))
        posts = posts.filter(Exists(own)) if number else posts.filter(links__host=host)
    first, last = query.days
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
    """What a query finds among some posts. Everything is asked for at most once, and only if used."""

    posts: QuerySet
    query: Query
    order: str = "date"
    #: The tags that can be named. Who is shown drafts may name theirs.
    visible_tags: QuerySet = field(default_factory=Tag.objects.public)

    @cached_property
    def tags(self):
        """The tags that the query names, by what was typed; None for a name that no tag has."""
        names = [*self.query.tags, *self.query.without_tags]
        found = self.visible_tags.by_loose_name(names) if names else {}
        return {name: found.get(name) for name in names}

    @property
    def found(self):
        """(id, kind, "2024-06-08") of the newest posts that match, up to `MAX_RESULTS`."""
        return self._found_and_one[:MAX_RESULTS]

    @property
    def is_truncated(self):
        return len(self._found_and_one) > MAX_RESULTS

    @cached_property
    def ids(self):
        """The ids of what was found, in the order asked for; equally good posts the newest first."""
        ids = [pk for pk, _, _ in self.found]
        if self.order == "date" or not words_expression(self.query) or len(ids) < 2:
            return ids
        ranks = BACKENDS[connection.vendor].ranks(words_expression(self.query), within(self._months), ids)
        return sorted(ids, key=lambda pk: -ranks.get(pk, 0))

    def remarks(self):
        """What a reader should know about how the query was understood."""
        kinds = [_("There is no kind “%(name)s”.") % {"name": name} for name in self.query.unknown_kinds]
        missing = [name for name, tag in self.tags.items() if tag is None]
        tags = [_("There is no tag “%(name)s”.") % {"name": name} for name in missing]
        return [*self.query.remarks, *kinds, *tags]

    def count_kinds(self):
        """[(kind, number)], the commonest first."""
        counts = Counter(kind for _, kind, _ in self.found)
        return [(Post.kinds()[kind], number) for kind, number in counts.most_common()]

    def count_years(self):
        return sorted(Counter(int(day[:4]) for _, _, day in self.found).items())

    def count_months(self):
        """[(first day of the month, number)], when one year is asked for."""
        if not self.query.year:
            return []
        counts = Counter(int(day[5:7]) for _, _, day in self.found)
        return [(date(self.query.year, month, 1), number) for month, number in sorted(counts.items())]

    def count_tags(self):
        """[(slug, name, number)] of the tags of what was found, the commonest first. Two queries.

        The rows are counted by the tag's id alone: by whole tags would take twice as long.
        """
        taggings = Tagging.objects.filter(InArray("content_object", self.ids))
        rows = taggings.order_by().values_list("tag").annotate(number=Count("*"))
        counts = dict(rows.order_by("-number", "tag")[:MOST_TAG_FACETS])
        tags = Tag.objects.filter(InArray("pk", counts)).values_list("pk", "slug", "name")
        found = [(slug, name, counts[pk]) for pk, slug, name in tags]
        return sorted(found, key=lambda row: (-row[2], row[1]))

    @cached_property
    def _found_and_one(self):
        """Cases: a filter leaves few posts; few have the words; a month of any year is asked for; common
        words are found often enough in the newest months; for others a second look goes as far back as
        should be enough; rare ones are few wherever they are.
        """
        if self.query.has_words and self._may_be_few():
            few = list(self._rows(filtered(self.posts, self.query, self.tags).newest_first())[: FEW + 1])
            if len(few) <= FEW:
                self._months = None
                return self._those_with_the_words(few)
        if self.query.wants_words and not self.query.has_filters:
            few = BACKENDS[connection.vendor].all_if_few(whole_expression(self.query), MOST_LISTED)
            if few is not None:
                self._months = None
                posts = self.posts.filter(InArray("pk", few))
                return list(self._rows(posts.newest_first())[: MAX_RESULTS + 1])
        if self.query.wants_words and self.query.month and not self.query.year:
            self._months = of_each_year(self.query.month)
            return self._newest()
        first, last = self.query.days
        look = Look.at_the_newest(last) if self.query.wants_words else None
        while look:
            self._months = look.months()
            found = self._newest()
            if len(found) > MAX_RESULTS or look.reaches(first):
                return found
            look = look.further_back(len(found), MAX_RESULTS)
        self._months = None
        return self._newest()

    def _newest(self):
        posts = filtered(matching(self.posts, self.query, self._months), self.query, self.tags)
        return list(self._rows(self._in_order(posts))[: MAX_RESULTS + 1])

    def _rows(self, posts):
        return posts.values_list("pk", "kind", Cast("day", CharField()))

    def _may_be_few(self):
        """Whether few public posts have a tag that is named, link to a site, or are of the days.

        Or not too many, which another filter may make few.
        """
        query = self.query
        if query.tags or query.sites:
            others = (query.kinds, query.without_tags, query.month, *query.days)
            is_narrowed = any(others) or len(query.tags) + len(query.sites) > 1
            most = MOST_LOOKED_AT if is_narrowed else FEW
            return any(tag is None or tag.uses <= most for tag in map(self.tags.get, query.tags)) or any(
                Link.objects.filter(host=host)[: most + 1].count() <= most for host in query.sites
            )
        first, last = query.days
        if not first or ((last or timezone.localdate()) - first).days > MOST_DAYS_COUNTED:
            return False
        counts = counts_by_day(first, last or date.max).values()
        return sum(sum(of_day[kind] for kind in query.kinds or of_day) for of_day in counts) <= FEW

    def _those_with_the_words(self, rows):
        backend = BACKENDS[connection.vendor]
        ids, unwanted = [pk for pk, _, _ in rows], []
        if self.query.unwanted:
            unwanted = backend.among(backend.any_of(self.query.unwanted), ids)
        if words := words_expression(self.query):
            ids = backend.among(words, ids)
        wanted = set(ids).difference(unwanted)
        return [row for row in rows if row[0] in wanted]

    def _in_order(self, posts):
        """The newest first. Where only filters are given, by the publication that their index repeats."""
        if not self.query.has_words and self.query.tags:
            return posts.order_by("-taggings__published", "-taggings__content_object")
        if not self.query.has_words and self.query.sites:
            return posts.order_by("-links__published", "-links__post")
        return posts.newest_first()


def rebuild_index():
    """Make the database's own index anew from what `SearchDocument` has."""
    BACKENDS[connection.vendor].rebuild()


def suggest(text, language="en"):
    """The tags and the published posts that somebody may be going to type: (tags, posts).

    Tags by the beginning of their name, the most used first; posts by whole words in the title
    and the beginning of the last one, the newest first. Six queries at most.
    """
    text = text.replace("\x00", " ").strip()[:100]
    query = parse(f"{text}*" if text[-1:].isalnum() else text, language)
    if not query.wanted:
        return [], []
    tags = Tag.objects.public().filter(name__istartswith=text).order_by("-uses", "name")
    return tags[:MOST_SUGGESTIONS], newest_titled([term for group in query.wanted for term in group])


def newest_titled(terms):
    """The newest published posts with these in the title: of the newest months if they have enough."""
    backend = BACKENDS[connection.vendor]
    posts = Post.objects.published().newest_first().only("headline", "day", "slug", "published")
    look = Look.at_the_newest()
    for months in (look.months(), None) if look else (None,):
        expression = backend.all_of([backend.in_titles(terms), *within(months)])
        found = list(posts.filter(backend.found(expression, one_by_one=bool(months)))[:MOST_SUGGESTIONS])
        if len(found) == MOST_SUGGESTIONS:
            break
    return found
