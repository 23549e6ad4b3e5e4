"""Stop calling a server for a while after it fails."""

import logging
import time

logger = logging.getLogger(__name__)


class CircuitBreaker:
    """Skip calls for `cooldown` seconds after a failure.

    Logs once when the server goes down and once when it recovers.
    """

    cooldown: float = 1

    def __init__(self, server: str, consequence: str) -> None:
        self.server = server
        self.consequence = consequence
        self.open_until: float | None = None

    def is_open(self) -> bool:
        return self.open_until is not None and time.monotonic() < self.open_until

    def record_failure(self, error: Exception) -> None:
        if self.open_until is None:
            logger.error("%s does not respond (%s). Meanwhile %s.", self.server, error, self.consequence)
        self.open_until = time.monotonic() + self.cooldown

    def record_success(self) -> None:
        if self.open_until is not None:
            logger.warning("%s responds again.", self.server)
            self.open_until = None
