"""Threads that tell others what they are to know, off the request."""

import logging
import threading

from django.db import DatabaseError, close_old_connections, connections

#: Seconds until the database is asked again that did not answer.
UNREADABLE = 60
#: For shorter waits in seconds than this, a connection to the database is kept.
SHORT = 5

logger = logging.getLogger(__name__)


class BackgroundThread:
    """One thread at most, which ends when there is nothing left to tell.

    `tell` tells what is due. It answers with the seconds until there is something again; None if nothing
    is left.
    """

    def __init__(self, name, tell):
        self.name = name
        self.tell = tell
        self.lock = threading.Lock()
        self.woken = threading.Event()
        self.thread = None
        self.nothing_is_left = False

    def start(self, **of_signal):
        with self.lock:
            self.woken.set()
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self.run, name=self.name, daemon=True)
                self.thread.start()

    def run(self):
        while not self.is_done():
            self.woken.clear()
            wait = UNREADABLE
            try:
                wait = self.tell()
            except DatabaseError:
                logger.exception("What is to be told (%s) cannot be read.", self.name)
            finally:
                is_short = wait is not None and wait < SHORT
                close_old_connections() if is_short else connections.close_all()
            self.nothing_is_left = wait is None
            self.woken.wait(wait or 0)

    def is_done(self):
        """Whether nothing is left, and nobody has woken the thread since it looked."""
        with self.lock:
            if not self.woken.is_set() and self.nothing_is_left:
                self.thread = None
                return True
        return False
