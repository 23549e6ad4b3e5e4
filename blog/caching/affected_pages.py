"""Which pages show something else now, by their names (see `names`), from what has changed (see `facts`)."""

from datetime import UTC, date

from django.db import transaction

from blog.models import PendingChange, Post, Purge, SiteState, Tag
from blog.models.post_queryset import start_of_month, start_of_next_month
from blog.timeline.calendar import month_bounds, nearest_days
from blog.timeline.newest import ARCHIVE_SIZE, FEED_SIZE, OTHER_ENTRIES, RECENT_ENTRIES, recent_titles

from .surrogate_keys import EVERYTHING, FRAME, month_key

#: Posts that have a renamed tag: if there are more, all pages are forgotten.
MOST_RENAMED = 200


def utc_months(posts):
    """That of the first of these posts, if there is one."""
    for moment in posts.values_list("published", flat=True)[:1]:
        yield month_key(moment.astimezone(UTC).date())


def record_affected_pages():
    """From what has changed, note which pages are to be forgotten.

    Under the lock of all that writes: so the posts are as the changes left them, and nothing is lost.
    """
    if not PendingChange.objects.exists():
        return
    with transaction.atomic():
        SiteState.lock()
        changes = list(PendingChange.objects.values_list("key", flat=True))
        PendingChange.objects.filter(key__in=changes).delete()
        names = affected_keys(changes)
        if EVERYTHING in names:
            names = {EVERYTHING}
            Purge.objects.exclude(key=EVERYTHING).delete()
        Purge.enqueue(names)


def affected_keys(changes):
    """The names of the pages."""
    if EVERYTHING in changes:
        return {EVERYTHING}
    return AffectedPages(changes).names()


class AffectedPages:
    def __init__(self, changes):
        self.changes = set(changes)
        self.posts = {int(pk) for pk in self.of("post")}
        #: Those that are called otherwise, or stand elsewhere, or nowhere any more.
        self.moved = {int(pk) for pk in self.of("title")}
        self.public = Post.objects.published()

    def of(self, sort):
        """What the changes of that sort are of."""
        return {change.partition("-")[2] for change in self.changes if change.startswith(f"{sort}-")}

    def names(self):
        return self.changes.union(
            self.around_posts(),
            self.newest(),
            self.calendar(),
            self.archive_of_feed(),
            self.tags(),
            self.overviews(),
        )

    def around_posts(self):
        """The pages that link to posts at their new place, and those that say when they were updated."""
        for post in self.public.filter(pk__in=self.moved).only("published", "kind", "day"):
            yield from (f"at-{other.pk}" for other in self.public.neighbours(post) if other)
            yield f"sitemap-{post.day.year}"
            if post.kind_class.listed_by_title:
                yield f"year-{post.day.year}"
        updated = self.public.filter(pk__in=self.of("updated"))
        yield from (f"sitemap-{day.year}" for day in updated.values_list("day", flat=True))
        if self.of("updated"):
            yield from ("sitemap", "sitemap-pages")

    def newest(self):
        """Lists of the newest that have got another post. Those that lost one name it."""
        if self.of("day"):
            yield from self.if_moved("newest", self.public.newest_first(), FEED_SIZE + 1)
        for kind in self.of("kind"):
            posts = self.public.filter(kind=kind).newest_first()
            yield from self.if_moved(f"newest-{kind}", posts, FEED_SIZE + 1)
        yield from self.if_moved("entries-at-home", recent_titles(), RECENT_ENTRIES)
        yield from self.if_moved("entries-beside", recent_titles(), OTHER_ENTRIES + 1)

    def if_moved(self, name, posts, number):
        if self.moved.intersection(posts.values_list("pk", flat=True)[:number]):
            yield name

    def calendar(self):
        """Days, months, years with more or fewer posts, and their neighbours where they are new or gone."""
        days = {date.fromisoformat(day) for day in self.of("day")}
        for day in days:
            month = month_key(day)
            yield from (f"calendar-{month}", f"month-{month}", f"year-{day.year}")
            yield from (f"sitemap-{day.year}", "sitemap-pages", "sitemap")
            if self.is_new_or_gone(day=day):
                yield from (f"day-{other}" for other in nearest_days(day) if other)
        for first, last in {month_bounds(day) for day in days}:
            if self.is_new_or_gone(day__range=(first, last)):
                yield from (f"month-{month_key(other)}" for other in nearest_days(first, last) if other)
        if any(self.is_new_or_gone(day__year=year) for year in {day.year for day in days}):
            yield FRAME
        if "years" in self.changes and not days:
            yield EVERYTHING  # numbers were mended

    def archive_of_feed(self):
        """Months of UTC are its parts. Each leads to the one before, and to the last document of the next."""
        for month in self.of("feed"):
            first = date.fromisoformat(f"{month}-01")
            start, end = start_of_month(first), start_of_next_month(first)
            is_new_or_gone = self.is_new_or_gone(published__gte=start, published__lt=end)
            if is_new_or_gone:
                later = self.public.filter(published__gte=end).order_by("published")
                yield from (f"feed-{name}" for name in utc_months(later))
            number = self.public.filter(published__gte=start, published__lt=end).count()
            if is_new_or_gone or number + len(self.moved) > ARCHIVE_SIZE:
                earlier = self.public.filter(published__lt=start).order_by("-published")
                yield from (f"feed-{name}" for name in utc_months(earlier))

    def tags(self):
        """Those beside which a post's tags stand as related; the posts of those that have another name."""
        posts = Post.objects.filter(pk__in=self.of("tagged"))
        yield from (f"tag-{slug}" for slug in posts.values_list("tags__slug", flat=True) if slug)
        if renamed := Tag.objects.filter(pk__in=self.of("named")):
            posts = self.public.filter(tags__in=renamed).order_by().values_list("pk", flat=True)
            found = posts.distinct()[: MOST_RENAMED + 1]
            yield from [EVERYTHING] if len(found) > MOST_RENAMED else (f"post-{pk}" for pk in found)

    def overviews(self):
        """Lists of tags, series, sites, pages and what search finds."""
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
        return {name for name, sorts in overviews.items() if any(map(self.of, sorts))}

    def is_new_or_gone(self, **conditions):
        """Whether there may have been none of these posts before, or is none any more."""
        return not self.public.filter(**conditions).exclude(pk__in=self.moved).exists()
