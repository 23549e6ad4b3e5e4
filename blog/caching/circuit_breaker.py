"""What to do about a server that does not answer."""

import logging
import time

logger = logging.getLogger(__name__)


class CircuitBreaker:
    """A server that does not answer is left alone for a second. The log says so once, and when it is back."""

    seconds = 1

    def __init__(self, server, consequence):
        self.server = server
        self.consequence = consequence
        self.until = None

    def is_on(self):
        return self.until is not None and time.monotonic() < self.until

    def begin(self, error):
        if self.until is None:
            logger.error("%s does not answer: %s %s", self.server, self.consequence, error)
        self.until = time.monotonic() + self.seconds

    def end(self):
        if self.until is not None:
            logger.warning("%s answers again.", self.server)
            self.until = None
