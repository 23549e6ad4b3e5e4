"""Tells a hub that feeds have news (WebSub, 3 to 5), which then tells who has subscribed there.

What is to be told is in the database from the transaction of the change on (`News`). A thread of the
process where it was changed does the telling, after the commit and off the request; so does every process
that starts, for what an earlier one has left. A hub that does not answer is asked again, later and later.
"""

import logging
import threading
from datetime import timedelta
from http.client import HTTPException
from itertools import combinations
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import DatabaseError, connections
from django.utils import timezone

from blog.models import News, Post

from .selections import ButKind, Everything, OfKind, OfSeries, OfTags
from .writers import WRITERS

#: Seconds until it is tried again, after each attempt that failed. Then it is given up: that is two days.
WAITS = (2, 10, 60, 300, 1800, 7200, 21600, 43200, 86400)
#: Seconds until the database is asked again that did not answer.
UNREADABLE = 60
TIMEOUT = 10
#: How long nobody else takes up what one process has begun to tell.
CLAIM = timedelta(seconds=3 * TIMEOUT)
BATCH = 50
#: Of so many feeds at once the hub is told.
MOST_TOPICS = 200
#: Up to so many tags of a post, the feeds of each two of them are told of.
MOST_PAIRED = 8

logger = logging.getLogger(__name__)


class Teller:
    """One thread at most, which ends when there is nothing left to tell."""

    def __init__(self):
        self.lock = threading.Lock()
        self.woken = threading.Event()
        self.thread = None
        self.nothing_is_left = False

    def start(self, **of_signal):
        with self.lock:
            self.woken.set()
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self.run, name="websub", daemon=True)
                self.thread.start()

    def run(self):
        while not self.is_done():
            self.woken.clear()
            try:
                wait = tell_what_is_due()
            except DatabaseError:
                logger.exception("What the hub is to be told cannot be read.")
                wait = UNREADABLE
            finally:
                connections.close_all()  # none is kept while there is nothing to do
            self.nothing_is_left = wait is None
            self.woken.wait(wait or 0)

    def is_done(self):
        """Whether nothing is left, and nobody has woken the thread since it looked."""
        with self.lock:
            if not self.woken.is_set() and self.nothing_is_left:
                self.thread = None
                return True
        return False


teller = Teller()


def tell_what_is_due():
    """Seconds until there is something to tell again; None if nothing is left."""
    if claimed := claim():
        tell(claimed)
    first = News.objects.order_by("due").values_list("due", flat=True).first()
    return first and max(0.05, (first - timezone.now()).total_seconds())


def tell(claimed):
    posts = Post.objects.published().filter(pk__in=[news.post_id for news in claimed])
    topics = {
        topic for post in posts.select_related("series").prefetch_related("tags") for topic in topics_of(post)
    }
    if not topics or publish(sorted(topics)):
        for news in claimed:  # unless it was noted again meanwhile
            News.objects.filter(pk=news.pk, due=news.due).delete()
    else:
        for news in claimed:
            postpone(news)


def claim():
    """What is due, and from now on nobody else's to tell."""
    now = timezone.now()
    claimed = []
    for news in News.objects.filter(due__lte=now).order_by("due")[:BATCH]:
        if News.objects.filter(pk=news.pk, due=news.due).update(due=now + CLAIM):
            news.due = now + CLAIM
            claimed.append(news)
    return claimed


def postpone(news):
    mine = News.objects.filter(pk=news.pk, due=news.due)
    if news.attempts < len(WAITS):
        mine.update(attempts=news.attempts + 1, due=timezone.now() + timedelta(seconds=WAITS[news.attempts]))
    else:
        logger.error("The hub was not told of post %s: it never answered.", news.post_id)
        mine.delete()


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
    selections = [Everything(), OfKind(post.kind_class)]
    selections += [ButKind(kind) for kind in Post.kinds().values() if kind is not post.kind_class]
    selections += [OfTags([tag]) for tag in tags]
    selections += [OfTags(list(two)) for two in combinations(tags[:MOST_PAIRED], 2)]
    selections += [OfSeries(post.series)] if post.series else []
    return [settings.SITE_URL + selection.url(writer) for selection in selections for writer in WRITERS]
