"""The thread that watches for changes and tells the cache in front.

There is one in each process that serves, since the change may have been made in another, by a command or at
the database's own prompt; and since time brings changes as well: a scheduled post that nobody asks for.
"""

import logging
from datetime import timedelta

from django.utils import timezone

from blog.models import Post, Purge, SiteSettings
from blog.tasks.background import Teller

from . import build_fingerprint, purgers
from .affected_pages import take_notice
from .surrogate_keys import spelled

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
        if SiteSettings.load().is_due:
            Post.release_due()
        take_notice()
        while claimed := Purge.claim(BATCH, CLAIM):
            tell(claimed)
        return min(PAUSE, Purge.seconds_left() or PAUSE)


def say_release():
    """Other code makes other pages: that is a change of the settings row, and so of everything."""
    SiteSettings.load()
    SiteSettings.objects.exclude(release=build_fingerprint.NAME).update(release=build_fingerprint.NAME)


def tell(claimed):
    """Once at once, and once more."""
    names = [name for purge in claimed if (name := spelled(purge.name))]
    try:
        purgers.configured().purge(names)
    except purgers.PurgeFailed as failure:
        logger.warning("The cache in front keeps %s old names: %s", len(claimed), failure)
        Purge.postpone(claimed, WAITS)
        return
    still = Purge.still(claimed)
    still.filter(was_told=True).delete()
    still.update(was_told=True, attempts=0, due=timezone.now() + timedelta(seconds=ON_THEIR_WAY))


watcher = Teller("purging", Watcher())
