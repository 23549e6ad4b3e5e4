"""Subscriber counts, which feed services report in the User-Agent header when they poll for many readers."""

import hashlib
import logging
import re
from collections.abc import Callable, Iterable
from datetime import UTC
from typing import Any

from django.core.cache import cache
from django.core.handlers.wsgi import get_path_info
from django.db import Error
from django.utils import timezone

from blog.models import SubscriberCount

from .cors import FEED_PATH

COUNT = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:,\d{3}){1,2}|\d{1,9}) (?:feed )?(?:subscriber|reader)s?\b", re.IGNORECASE
)
COMPATIBLE = re.compile(r"compatible; *([^/;()]+)", re.IGNORECASE)
NAME = re.compile(r"[^/;(]+")
MAX_AGENT_LENGTH = 500
MAX_NAME_LENGTH = 80
MAX_PATH_LENGTH = 200
MAX_COUNT = 100_000_000
DAY = 24 * 60 * 60
#: Paths of documents in the archive of the feed of everything.
ARCHIVE_PATH = re.compile(r"/everything/.")

logger = logging.getLogger(__name__)

Environ = dict[str, Any]


def parse_user_agent(agent: str) -> tuple[str, int] | None:
    """The service's name and its subscriber count; None for a User-Agent without a plausible count."""
    agent = agent[:MAX_AGENT_LENGTH]
    count = COUNT.search(agent)
    number = int(count[1].replace(",", "")) if count else 0
    if count is None or not 0 < number <= MAX_COUNT:
        return None
    if match := COMPATIBLE.search(agent):
        name = match[1]
    else:
        match = NAME.match(agent[: count.start()])
        name = match[0] if match else ""
    printable = "".join(character for character in name if character.isprintable())
    return printable.strip(" -,")[:MAX_NAME_LENGTH] or "Unnamed", number


class SubscriberCounter:
    """WSGI middleware that records the subscriber counts of services that are served a feed.

    It wraps Django, because requests for a cached feed never reach Django.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        reported = parse_user_agent(environ.get("HTTP_USER_AGENT", "")) if is_counted(environ) else None
        if reported is None:
            return self.application(environ, start_response)
        statuses = []

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            statuses.append(status)
            return start_response(status, headers, *exc_info)

        body = self.application(environ, start)
        if statuses[0].startswith(("200", "304")):
            record(get_path_info(environ), *reported)
        return body


def is_counted(environ: Environ) -> bool:
    """True for the first document of any feed but those of searches."""
    path = environ["PATH_INFO"]
    return (
        bool(FEED_PATH.match(path))
        and not environ.get("QUERY_STRING")
        and not path.startswith("/search/")
        and not ARCHIVE_PATH.search(path)
        and len(path) <= MAX_PATH_LENGTH
    )


def record(feed: str, service: str, number: int) -> None:
    """Store the count, at most once a day for each service and feed. A database error is only logged."""
    day = timezone.now().astimezone(UTC).date()
    digest = hashlib.sha256(f"{feed}\n{service}".encode()).hexdigest()
    key = f"subscribers-{day}-{digest}"
    if not cache.add(key, True, DAY):
        return
    try:
        SubscriberCount.record(feed=feed, service=service, day=day, number=number)
    except Error as error:
        cache.delete(key)  # so that the service's next poll is recorded
        logger.warning("Can't store the subscriber count of %s: %s", service, error)
