"""Tells a hub that feeds have news (WebSub, 3 to 5), which then tells who has subscribed there.

What is to be told is in the database from the transaction of the change on (`HubPing`). A thread of the
process where it was changed does the telling, after the commit and off the request; so does every process
that starts, for what an earlier one has left. A hub that does not answer is asked again, later and later.
"""

import logging
from http.client import HTTPException
from itertools import combinations
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings

from blog.models import HubPing, Post
from blog.tasks.background import BackgroundThread

from .selections import AllButKindSelection, EverythingSelection, KindSelection, SeriesSelection, TagSelection
from .writers import WRITERS

#: Seconds until it is tried again, after each attempt that failed. Then it is given up: that is two days.
WAITS = (2, 10, 60, 300, 1800, 7200, 21600, 43200, 86400)
TIMEOUT = 10
#: How many seconds nobody else takes up what one process has begun to tell.
CLAIM = 3 * TIMEOUT
BATCH = 50
#: Of so many feeds at once the hub is told.
MOST_TOPICS = 200
#: Up to so many tags of a post, the feeds of each two of them are told of.
MOST_PAIRED = 8

logger = logging.getLogger(__name__)


def tell_what_is_due():
    """Seconds until there is something to tell again; None if nothing is left."""
    if claimed := HubPing.claim(BATCH, CLAIM):
        tell(claimed)
    return HubPing.seconds_until_due()


def tell(claimed):
    posts = Post.objects.published().filter(pk__in=[news.post_id for news in claimed])
    topics = {
        topic for post in posts.select_related("series").prefetch_related("tags") for topic in topics_of(post)
    }
    if not topics or publish(sorted(topics)):
        HubPing.still_claimed(claimed).delete()
    else:
        postpone(claimed)


ping_thread = BackgroundThread("websub", tell_what_is_due)


def postpone(claimed):
    """Until later; what was told in vain often enough is given up."""
    hopeless = [news for news in claimed if news.attempts >= len(WAITS)]
    if hopeless:
        logger.error(
            "The hub was not told of posts %s: it never answered.", [news.post_id for news in hopeless]
        )
        HubPing.still_claimed(hopeless).delete()
    HubPing.retry_later([news for news in claimed if news not in hopeless], WAITS)


def publish(topics):
    """Whether the hub has taken notice that these feeds have changed."""
    return all(send(topics[n : n + MOST_TOPICS]) for n in range(0, len(topics), MOST_TOPICS))


def send(topics):
    fields = [("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)]
    request = Request(settings.WEBSUB_HUB, urlencode(fields).encode())
    try:
        with urlopen(request, timeout=TIMEOUT):
            return True
    except (OSError, HTTPException) as error:
        logger.warning("The hub %s does not answer: %s", settings.WEBSUB_HUB, error)
        return False


def topics_of(post):
    """The addresses of the feeds that have the post, but for those of searches and of three tags or more."""
    tags = sorted(post.tags.all(), key=lambda tag: tag.slug)
    selections = [EverythingSelection(), KindSelection(post.kind_class)]
    selections += [AllButKindSelection(kind) for kind in Post.kinds().values() if kind is not post.kind_class]
    selections += [TagSelection([tag]) for tag in tags]
    selections += [TagSelection(list(two)) for two in combinations(tags[:MOST_PAIRED], 2)]
    selections += [SeriesSelection(post.series)] if post.series else []
    return [settings.SITE_URL + selection.url(writer) for selection in selections for writer in WRITERS]
