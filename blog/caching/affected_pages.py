"""Affected pages: the surrogate keys to purge after the recorded row changes."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from blog.models import PendingChange, Post, Purge, SiteState, Tag
from blog.models.post_queryset import start_of_month, start_of_next_month
from blog.timeline.calendar import month_bounds, nearest_days
from blog.timeline.page_sizes import ARCHIVE_SIZE, FEED_SIZE, HOME_TITLES, PERMALINK_TITLES
from blog.timeline.titles import recent_titles

from .surrogate_keys import EVERYTHING, FRAME, month_key

#: If more posts than this have a renamed tag, everything is purged.
MAX_RENAMED_POSTS = 200


def record_affected_pages() -> None:
    """Translate the pending changes into purges.

    Holds the lock that every writer takes, so that it reads the posts as the changes left them.
    """
    if not PendingChange.objects.exists():
        return
    with transaction.atomic():
        SiteState.lock()
        changes = list(PendingChange.objects.values_list("key", flat=True))
        PendingChange.objects.filter(key__in=changes).delete()
        keys = affected_keys(changes)
        if EVERYTHING in keys:
            keys = {EVERYTHING}
            Purge.objects.exclude(key=EVERYTHING).delete()
        Purge.enqueue(keys)


def affected_keys(changes: Collection[str]) -> set[str]:
    """Translate changed rows into the surrogate keys of the pages they affect."""
    if EVERYTHING in changes:
        return {EVERYTHING}
    return AffectedPages(changes).keys()


class AffectedPages:
    """The surrogate keys that follow from a set of changes, by kind of page."""

    def __init__(self, changes: Iterable[str]) -> None:
        self.changes = set(changes)
        #: Posts with another title or position, and posts that appeared or disappeared.
        self.moved = {int(pk) for pk in self.subjects("title")}
        self.public = Post.objects.published()

    def subjects(self, prefix: str) -> set[str]:
        """Return what follows the prefix in the changes that have it."""
        return {change.partition("-")[2] for change in self.changes if change.startswith(f"{prefix}-")}

    def keys(self) -> set[str]:
        return self.changes.union(
            self.neighbours(),
            self.newest(),
            self.calendar(),
            self.feed_archive(),
            self.tags(),
            self.overviews(),
        )

    def neighbours(self) -> Iterator[str]:
        """Yield the pages beside moved posts, and those with the dates of updated ones."""
        for post in self.public.filter(pk__in=self.moved).only("published", "kind", "day"):
            yield from (f"at-{other.pk}" for other in self.public.neighbours(post) if other)
            yield f"sitemap-{post.day.year}"
            if post.kind_class.listed_by_title:
                yield f"year-{post.day.year}"
        updated = self.public.filter(pk__in=self.subjects("updated"))
        yield from (f"sitemap-{day.year}" for day in updated.values_list("day", flat=True))
        if self.subjects("updated"):
            yield from ("sitemap", "sitemap-pages")

    def newest(self) -> Iterator[str]:
        """Yield lists of the newest posts that a post entered. A list that lost one has that post's key."""
        if self.subjects("day"):
            yield from self.if_entered("newest", self.public.newest_first(), FEED_SIZE + 1)
        for kind in self.subjects("kind"):
            posts = self.public.filter(kind=kind).newest_first()
            yield from self.if_entered(f"newest-{kind}", posts, FEED_SIZE + 1)
        yield from self.if_entered("titles-at-home", recent_titles(), HOME_TITLES)
        yield from self.if_entered("titles-beside", recent_titles(), PERMALINK_TITLES + 1)

    def if_entered(self, key: str, posts: "QuerySet[Any]", limit: int) -> Iterator[str]:
        if self.moved.intersection(posts.values_list("pk", flat=True)[:limit]):
            yield key

    def calendar(self) -> Iterator[str]:
        """Yield days, months and years whose posts changed, and the neighbours of new and empty ones."""
        days = {date.fromisoformat(day) for day in self.subjects("day")}
        for day in days:
            month = month_key(day)
            yield from (f"calendar-{month}", f"month-{month}", f"year-{day.year}")
            yield from (f"sitemap-{day.year}", "sitemap-pages", "sitemap")
            if self.may_be_new_or_empty(day=day):
                yield from (f"day-{other}" for other in nearest_days(day) if other)
        for first, last in {month_bounds(day) for day in days}:
            if self.may_be_new_or_empty(day__range=(first, last)):
                yield from (f"month-{month_key(other)}" for other in nearest_days(first, last) if other)
        if any(self.may_be_new_or_empty(day__year=year) for year in {day.year for day in days}):
            yield FRAME
        if "years" in self.changes and not days:
            yield EVERYTHING  # counts were recomputed

    def feed_archive(self) -> Iterator[str]:
        """Yield months (in UTC) of the feed archive, each of which links to the months around it.

        Nothing is purged when a month ends, although the month before it links to it from then on. The first
        post of the next month makes up for that.
        """
        for month in self.subjects("feed"):
            first = date.fromisoformat(f"{month}-01")
            start, end = start_of_month(first), start_of_next_month(first)
            is_new_or_empty = self.may_be_new_or_empty(published__gte=start, published__lt=end)
            if is_new_or_empty:
                later = self.public.filter(published__gte=end).order_by("published")
                if post := later.only("published").first():
                    yield f"feed-{month_key(utc_date(post.published))}"
            number = self.public.filter(published__gte=start, published__lt=end).count()
            if is_new_or_empty or number + len(self.moved) > ARCHIVE_SIZE:
                yield from (
                    f"feed-{month}" for month in self.months_before(start, 2 if is_new_or_empty else 1)
                )

    def months_before(self, moment: datetime, count: int) -> Iterator[str]:
        """Yield the last months (in UTC) with posts before that time."""
        for _ in range(count):
            post = self.public.filter(published__lt=moment).order_by("-published").only("published").first()
            if post is None:
                return
            month = utc_date(post.published)
            yield month_key(month)
            moment = start_of_month(month.replace(day=1))

    def tags(self) -> Iterator[str]:
        """Yield tags that share a retagged post (as related tags), and the posts of renamed tags."""
        posts = Post.objects.filter(pk__in=self.subjects("tagged"))
        yield from (f"tag-{slug}" for slug in posts.values_list("tags__slug", flat=True) if slug)
        if renamed := Tag.objects.filter(pk__in=self.subjects("named")):
            posts = self.public.filter(tags__in=renamed).order_by().values_list("pk", flat=True)
            found = posts.distinct()[: MAX_RENAMED_POSTS + 1]
            yield from [EVERYTHING] if len(found) > MAX_RENAMED_POSTS else (f"post-{pk}" for pk in found)

    def overviews(self) -> set[str]:
        """Return the lists of tags, series, sites and pages, and search."""
        overviews = {
            "tags": ("uses",),
            "series-index": ("series",),
            "feeds": ("uses", "series"),
            "sites-links": ("host",),
            "sites-via": ("via",),
            "sitemap-pages": ("page", "series"),
            "sitemap-tags": ("uses",),
            "search": ("post", "tag", "uses"),
        }
        return {key for key, prefixes in overviews.items() if any(map(self.subjects, prefixes))}

    def may_be_new_or_empty(self, **conditions: Any) -> bool:
        """Tell whether no post but moved ones matches: perhaps none did before, or none does now."""
        return not self.public.filter(**conditions).exclude(pk__in=self.moved).exists()


def utc_date(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
