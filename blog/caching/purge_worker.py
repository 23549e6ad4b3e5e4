"""The background thread that turns row changes into purges and sends them to the cache in front.

Every serving process has one. A change may come from another process, a command or a database prompt, and a
scheduled post becomes public without any write.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from blog.models import Post, Purge, SiteSettings, SiteState
from blog.tasks.background import BackgroundThread

from . import build_fingerprint, purgers
from .affected_pages import record_affected_pages
from .surrogate_keys import encode

#: Seconds between polls for changes of other processes. A change in this process wakes the thread at once.
POLL_INTERVAL = 1
#: Seconds before each retry of a failed purge. The last delay repeats for ever.
RETRY_DELAYS = (1, 2, 5, 15, 60, 300)
#: Seconds until a purge is repeated, for responses rendered before the change and stored after the purge.
REPEAT_DELAY = 15
#: Seconds for which purges claimed by one process are hidden from the others.
CLAIM_SECONDS = 60
BATCH_SIZE = 500

logger = logging.getLogger(__name__)


class PurgeWorker:
    """One round of work. Returns the number of seconds until the next."""

    def __init__(self) -> None:
        self.has_checked_build = False

    def __call__(self) -> float:
        if not self.has_checked_build:
            record_build()
            self.has_checked_build = True
        if SiteState.load().has_due_posts:
            Post.publish_due()
        record_affected_pages()
        while claimed := Purge.claim(BATCH_SIZE, CLAIM_SECONDS):
            send(claimed)
        return min(POLL_INTERVAL, Purge.seconds_until_due() or POLL_INTERVAL)


def record_build() -> None:
    """Store the build fingerprint. If it differs, that change of the site state purges everything."""
    SiteSettings.load()
    others = SiteState.objects.exclude(build_fingerprint=build_fingerprint.FINGERPRINT)
    others.update(build_fingerprint=build_fingerprint.FINGERPRINT)


def send(claimed: Sequence[Purge]) -> None:
    """Send the purges. The first success schedules the repeat, and the second deletes them."""
    keys = [key for purge in claimed if (key := encode(purge.key))]
    try:
        purgers.purge(keys)
    except purgers.PurgeFailed as failure:
        logger.warning(
            "Purging %s keys failed: %s. The cache in front may serve outdated pages until a retry succeeds.",
            len(claimed),
            failure,
        )
        Purge.retry_later(claimed, RETRY_DELAYS)
        return
    unchanged = Purge.still_claimed(claimed)
    unchanged.filter(was_sent=True).delete()
    unchanged.update(was_sent=True, attempts=0, due=timezone.now() + timedelta(seconds=REPEAT_DELAY))


purge_thread = BackgroundThread("purging", PurgeWorker())
