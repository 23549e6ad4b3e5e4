"""Pings a WebSub hub when feeds change (WebSub, sections 3 to 5), so that it notifies its subscribers.

Pings are queued in the database, in the transaction that changes a post (`HubPing`). After the commit, a
thread of the same process sends them. Every process also sends what an earlier one left when it starts.
Failed pings are sent again after growing delays.
"""

import logging
from collections.abc import Sequence
from http.client import HTTPException
from itertools import combinations
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings

from blog.models import HubPing, Post
from blog.tasks.background import BackgroundThread

from .selections import (
    AllButKindSelection,
    EverythingSelection,
    KindSelection,
    Selection,
    SeriesSelection,
    TagSelection,
)
from .writers import WRITERS

#: Seconds to wait after each failed attempt. A ping is dropped after the last, two days later.
RETRY_DELAYS: Sequence[float] = (2, 10, 60, 300, 1800, 7200, 21600, 43200, 86400)
TIMEOUT = 10
#: Seconds for which a ping that one process has claimed is left alone by the others.
CLAIM_SECONDS = 3 * TIMEOUT
BATCH_SIZE = 50
MAX_TOPICS_PER_REQUEST = 200
#: A post's first tags of which the feed of each pair is pinged.
MAX_PAIRED_TAGS = 8

logger = logging.getLogger(__name__)


def send_due_pings() -> float | None:
    """Send one batch. Returns the seconds until the next ping is due, or None if none is queued."""
    if claimed := HubPing.claim(BATCH_SIZE, CLAIM_SECONDS):
        send(claimed)
    return HubPing.seconds_until_due()


def send(claimed: list[HubPing]) -> None:
    posts = Post.objects.published().filter(pk__in=[ping.post_id for ping in claimed])
    topics = {
        topic for post in posts.select_related("series").prefetch_related("tags") for topic in topics_of(post)
    }
    if not topics or publish(sorted(topics)):
        HubPing.still_claimed(claimed).delete()
    else:
        postpone(claimed)


ping_thread = BackgroundThread("websub", send_due_pings)


def postpone(claimed: list[HubPing]) -> None:
    """Schedule the next attempt. Drops pings that have failed too often."""
    failed = [ping for ping in claimed if ping.attempts >= len(RETRY_DELAYS)]
    if failed:
        logger.error("Gave up pinging the WebSub hub about posts %s.", [ping.post_id for ping in failed])
        HubPing.still_claimed(failed).delete()
    HubPing.retry_later([ping for ping in claimed if ping not in failed], RETRY_DELAYS)


def publish(topics: list[str]) -> bool:
    """Ping the hub about these feeds. Returns whether it has accepted all of them."""
    size = MAX_TOPICS_PER_REQUEST
    return all(post_to_hub(topics[n : n + size]) for n in range(0, len(topics), size))


def post_to_hub(topics: list[str]) -> bool:
    fields = [("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)]
    request = Request(settings.WEBSUB_HUB, urlencode(fields).encode())
    try:
        with urlopen(request, timeout=TIMEOUT):
            return True
    except (OSError, HTTPException) as error:
        logger.warning("Can't ping the WebSub hub %s: %s", settings.WEBSUB_HUB, error)
        return False


def topics_of(post: Post) -> list[str]:
    """The URLs of the feeds that contain the post, except those of searches and of three or more tags."""
    tags = sorted(post.tags.all(), key=lambda tag: tag.slug)
    kind = post.kind_class
    selections: list[Selection] = [EverythingSelection(), KindSelection(kind)]
    selections += [AllButKindSelection(other) for other in Post.kinds().values() if other is not kind]
    selections += [TagSelection([tag]) for tag in tags]
    selections += [TagSelection(list(pair)) for pair in combinations(tags[:MAX_PAIRED_TAGS], 2)]
    selections += [SeriesSelection(post.series)] if post.series else []
    return [settings.SITE_URL + selection.url(writer) for selection in selections for writer in WRITERS]
