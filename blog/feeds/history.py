"""Links from a feed to its older posts: paged and archived feeds (RFC 5005).

Every feed is paged (section 3): each document links to the next one, which starts after a cursor. A cursor is
the publication time and id of the last post shown. The feed of everything is also archived (section 4): its
archive has one document per month, or several for a busy month. Months are in UTC whatever the site's time
zone, so that each post is in exactly one.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import cast

from django.http import Http404
from django.utils import timezone
from django.utils.http import urlencode

from blog.database import reads
from blog.models import Post
from blog.models.post_queryset import start_of_month, start_of_next_month
from blog.timeline.calendar import month_key

Cursor = tuple[datetime, int]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
CURSOR = re.compile(r"(-?[0-9]{1,18})-([0-9]{1,18})")


def published_at(post: Post) -> datetime:
    """The publication time, which is null only for drafts."""
    return cast(datetime, post.published)


def month_of(post: Post) -> date:
    """The first day of the month that the post was published in."""
    published = published_at(post).astimezone(UTC)
    return date(published.year, published.month, 1)


def cursor_after(post: Post) -> str:
    """The cursor of the document that continues after the post, as written in a URL."""
    return f"{(published_at(post) - EPOCH) // MICROSECOND}-{post.pk}"


def parse_cursor(text: str | None) -> Cursor | None:
    """Parse a cursor from a URL. Raises Http404 for a malformed one; None stays None."""
    if text is None:
        return None
    match = CURSOR.fullmatch(text)
    if match is None:
        raise Http404("The feed has no such cursor.")
    try:
        return EPOCH + int(match[1]) * MICROSECOND, int(match[2])
    except OverflowError as error:
        raise Http404("The feed has no such cursor.") from error


def url_at(path: str, cursor: str | None) -> str:
    """The URL of the document that starts at the cursor, for the feed with this path."""
    return f"{path}{'&' if '?' in path else '?'}{urlencode({'before': cursor})}" if cursor else path


def last_post_before(month: date) -> Post | None:
    """The newest post that was published before the month."""
    posts = Post.objects.published().before((start_of_month(month), 0)).followed_by()
    post: Post | None = posts.newest_first().only("published").first()
    reads.depends_on(f"at-{post.pk if post else 'first'}")
    return post


def next_archive_document(month: date, cursor: Cursor | None, size: int) -> tuple[date, str | None] | None:
    """The month and cursor of the archive document with the next newer posts, or None.

    Cases: with a cursor, the document of the same month that ends there; without one, the last document of
    the next month that has posts. The last document of a month counts only once the month is over, since
    until then it may get more posts.
    """
    return document_ending_at(month, cursor, size) if cursor else last_document_after(month, size)


def document_ending_at(month: date, cursor: Cursor, size: int) -> tuple[date, str | None] | None:
    posts = Post.objects.published().in_month(month).since(cursor).followed_by(f"feed-{month_key(month)}")
    newer = list(posts.order_by("published", "pk").only("published")[: size + 1])
    if len(newer) > size:
        return month, cursor_after(newer[size])
    return (month, None) if is_over(month) else None


def last_document_after(month: date, size: int) -> tuple[date, str | None] | None:
    posts = Post.objects.published().only("published").followed_by()
    first = posts.since((start_of_next_month(month), 0)).order_by("published", "pk").first()
    reads.depends_on(f"at-{first.pk if first else 'last'}")
    if not first or not is_over(month_of(first)):
        return None
    posts = posts.in_month(month_of(first)).followed_by(f"feed-{month_key(month_of(first))}")
    newer = (posts.count() - 1) // size * size  # posts in the documents that precede it
    return month_of(first), cursor_after(posts.newest_first()[newer - 1]) if newer else None


def is_over(month: date) -> bool:
    """Tell whether a month is over. If it isn't, that shows once a newer post has been published."""
    if start_of_next_month(month) <= timezone.now():
        return True
    reads.depends_on("at-last")
    return False
