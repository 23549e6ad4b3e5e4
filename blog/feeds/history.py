"""How a reader gets from a feed to its older posts (RFC 5005).

Every feed is a paged one (section 3): each document leads to the next, which begins after a place: the
publication time and id of the last post before. That of everything is an archived one too (section 4): its
archive has a document for each month, or several where there are many posts. Months are those of UTC,
whatever the site's time zone, so that no post is in two of them or in none.
"""

import re
from datetime import UTC, date, datetime, timedelta

from django.http import Http404
from django.utils import timezone
from django.utils.http import urlencode

from blog.models import Post
from blog.models.post_queryset import start_of_month, start_of_next_month

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
PLACE = re.compile(r"(-?[0-9]{1,18})-([0-9]{1,18})")


def month_of(post):
    """The first day of the month of its publication."""
    published = post.published.astimezone(UTC)
    return date(published.year, published.month, 1)


def place_after(post):
    """The place after the post, as an address has it."""
    return f"{(post.published - EPOCH) // MICROSECOND}-{post.pk}"


def read_place(text):
    """The place that an address has: a publication time and an id; None if it has none."""
    if text is None:
        return None
    match = PLACE.fullmatch(text)
    try:
        return EPOCH + int(match[1]) * MICROSECOND, int(match[2])
    except (OverflowError, TypeError) as error:
        raise Http404("There is no such place in the feed.") from error


def beginning_at(path, place):
    """The address of the document of the feed at the path that begins at the place."""
    return f"{path}{'&' if '?' in path else '?'}{urlencode({'before': place})}" if place else path


def older_than(month):
    """The newest post that was published before that month."""
    return (
        Post.objects.published().before((start_of_month(month), 0)).newest_first().only("published").first()
    )


def document_after(month, place, size):
    """The month and the place of the document of the archive that has the next newer posts, or None.

    Cases: after a place, those of the same month that end there; else the last ones of the next month that
    has posts. A document that may still get others, since its month goes on, is none yet.
    """
    return ending_at(month, place, size) if place else last_of_next(month, size)


def ending_at(month, place, size):
    newer = Post.objects.published().in_month(month).since(place)
    newer = list(newer.order_by("published", "pk").only("published")[: size + 1])
    if len(newer) > size:
        return month, place_after(newer[size])
    return (month, None) if is_over(month) else None


def last_of_next(month, size):
    posts = Post.objects.published().only("published")
    first = posts.since((start_of_next_month(month), 0)).order_by("published", "pk").first()
    if not first or not is_over(month_of(first)):
        return None
    posts = posts.in_month(month_of(first))
    others = (posts.count() - 1) // size * size  # in the documents before it
    return month_of(first), place_after(posts.newest_first()[others - 1]) if others else None


def is_over(month):
    return start_of_next_month(month) <= timezone.now()
