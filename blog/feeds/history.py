"""How a reader gets from a feed to its older posts (RFC 5005).

Every feed is a paged one (section 3): each document leads to the next, which begins after a place: the
publication time and id of the last post before. That of everything is an archived one too (section 4): its
archive has a document for each month, or several where there are many posts. Months are those of UTC,
whatever the site's time zone, so that no post is in two of them or in none.
"""

import re
from datetime import UTC, date, datetime, timedelta

from django.http import Http404
from django.utils.http import urlencode

from blog.models import Post
from blog.models.timeline import after

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
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    return Post.objects.published(after((start, 0))).newest_first().only("published").first()
