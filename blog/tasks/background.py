"""Background threads that deliver outbox rows (WebSub pings, cache purges) after the response is sent."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, close_old_connections, connections

#: Seconds until the next attempt after the database failed.
DATABASE_RETRY_DELAY = 60
#: The database connection stays open during waits shorter than this, in seconds.
SHORT_WAIT = 5

logger = logging.getLogger(__name__)


class BackgroundThread:
    """A thread that is started on demand, at most once at a time, and ends when no work is left.

    `work` does what is due and returns the seconds until more is due, or None if nothing is left.
    """

    def __init__(self, name: str, work: Callable[[], float | None]) -> None:
        self.name = name
        self.work = work
        self.lock = threading.Lock()
        self.woken = threading.Event()
        self.thread: threading.Thread | None = None
        self.nothing_is_left = False

    def start(self, **signal_arguments: Any) -> None:
        """Start the thread, or wake it if it is waiting."""
        with self.lock:
            self.woken.set()
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self.run, name=self.name, daemon=True)
                self.thread.start()

    def run(self) -> None:
        while not self.end_if_idle():
            self.woken.clear()
            wait: float | None = DATABASE_RETRY_DELAY
            try:
                wait = self.work()
            except DatabaseError:
                logger.exception(
                    "Database error in the background thread %r; it retries in %s seconds.",
                    self.name,
                    DATABASE_RETRY_DELAY,
                )
            finally:
                is_short = wait is not None and wait < SHORT_WAIT
                close_old_connections() if is_short else connections.close_all()
            self.nothing_is_left = wait is None
            self.woken.wait(wait or 0)

    def end_if_idle(self) -> bool:
        """Give up the thread if no work is left and `start` was not called since the last round."""
        with self.lock:
            if not self.woken.is_set() and self.nothing_is_left:
                self.thread = None
                return True
        return False
