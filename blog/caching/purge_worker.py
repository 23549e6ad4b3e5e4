"""The thread that watches for changes and tells the cache in front.

There is one in each process that serves, since the change may have been made in another, by a command or at
the database's own prompt; and since time brings changes as well: a scheduled post that nobody asks for.
"""

import logging
from datetime import timedelta

from django.utils import timezone

from blog.models import Post, Purge, SiteSettings, SiteState
from blog.tasks.background import BackgroundThread

from . import build_fingerprint, purgers
from .affected_pages import record_affected_pages
from .surrogate_keys import encode

#: Seconds between looks at what has changed elsewhere. A change in the same process is told at once.
PAUSE = 1
#: Seconds until it is tried again, after each attempt that failed; the last one for ever.
WAITS = (1, 2, 5, 15, 60, 300)
#: Seconds after which it is told again, for answers that were made before the change and arrived after it.
ON_THEIR_WAY = 15
#: Seconds for which nobody else takes up what one process has begun to tell.
CLAIM = 60
BATCH = 500

logger = logging.getLogger(__name__)


class Watcher:
    """What the thread does, again and again."""

    def __init__(self):
        self.has_said_release = False

    def __call__(self):
        if not self.has_said_release:
            say_release()
            self.has_said_release = True
        if SiteState.load().has_due_posts:
            Post.publish_due()
        record_affected_pages()
        while claimed := Purge.claim(BATCH, CLAIM):
            tell(claimed)
        return min(PAUSE, Purge.seconds_until_due() or PAUSE)


def say_release():
    """Other code makes other pages: that is a change of the settings row, and so of everything."""
    SiteSettings.load()
    SiteState.objects.exclude(build_fingerprint=build_fingerprint.FINGERPRINT).update(
        build_fingerprint=build_fingerprint.FINGERPRINT
    )


def tell(claimed):
    """Once at once, and once more."""
    names = [name for purge in claimed if (name := encode(purge.key))]
    try:
        purgers.configured().purge(names)
    except purgers.PurgeFailed as failure:
        logger.warning("The cache in front keeps %s old names: %s", len(claimed), failure)
        Purge.retry_later(claimed, WAITS)
        return
    still = Purge.still_claimed(claimed)
    still.filter(was_sent=True).delete()
    still.update(was_sent=True, attempts=0, due=timezone.now() + timedelta(seconds=ON_THEIR_WAY))


purge_thread = BackgroundThread("purging", Watcher())
