"""The background thread that tells the cache in front which pages to drop, from the log of changes.

Every serving process has one, and one of them at a time purges. A change may come from another process, a
command or a database prompt, and a scheduled post becomes public without any write.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from blog.models import Change, Post, PurgeProgress, SiteSettings, SiteState
from blog.tasks.background import BackgroundThread

from . import build_fingerprint, purgers
from .surrogate_keys import ANY, EVERYTHING, encode

#: Seconds between polls for changes of other processes. A change in this process wakes the thread at once.
POLL_INTERVAL = 1
#: Seconds before each retry of a failed purge. The last delay repeats for ever.
RETRY_DELAYS = (1, 2, 5, 15, 60, 300)
#: Seconds until a purge is repeated, for responses rendered before the change and stored after the purge.
REPEAT_DELAY = 15
#: Seconds for which the process that purges keeps the others from it.
CLAIM_SECONDS = 60
#: If a change affects more keys than this, everything is purged.
MAX_KEYS = 2000

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
        purge_changes()
        return POLL_INTERVAL


def record_build() -> None:
    """Store the build fingerprint. If it differs, that change of the site state purges everything."""
    SiteSettings.load()
    others = SiteState.objects.exclude(build_fingerprint=build_fingerprint.FINGERPRINT)
    others.update(build_fingerprint=build_fingerprint.FINGERPRINT)


def purge_changes() -> None:
    """Purge what changed since the last time, and once more what was purged `REPEAT_DELAY` ago."""
    progress, now = PurgeProgress.load(), timezone.now()
    newest = Change.newest()
    is_new = newest != progress.sent
    is_repeatable = progress.repeat_due is not None and progress.repeat_due <= now
    if not (is_new or is_repeatable) or not progress.claim(CLAIM_SECONDS):
        return
    try:
        if is_new:
            send(affected_keys(progress.sent, newest))
            progress.sent = newest
        if is_repeatable:
            send(affected_keys(progress.repeated, progress.repeat_until))
            progress.repeated, progress.repeat_due = progress.repeat_until, None
        if progress.repeat_due is None and progress.repeated != progress.sent:
            progress.repeat_until = progress.sent
            progress.repeat_due = now + timedelta(seconds=REPEAT_DELAY)
    except purgers.PurgeFailed as failure:
        logger.warning(
            "Purging failed: %s. The cache in front may serve outdated pages until a retry succeeds.", failure
        )
        delay = RETRY_DELAYS[min(progress.attempts, len(RETRY_DELAYS) - 1)]
        progress.attempts += 1
    else:
        delay = progress.attempts = 0
    progress.release(delay)


def affected_keys(after: int, last: int) -> list[str]:
    """Return the keys to purge for the rows of the log after one id and up to another."""
    found = Change.keys_between(after, last) if after < last else None
    if found is None or EVERYTHING in found or len(found) > MAX_KEYS:
        return [EVERYTHING]
    return sorted({ANY, *found})


def send(keys: Sequence[str]) -> None:
    if encoded := [key for key in map(encode, keys) if key]:
        purgers.purge(encoded)


purge_thread = BackgroundThread("purging", PurgeWorker())
