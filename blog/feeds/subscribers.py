"""Feed services ask once for many readers, and tell in their User-Agent for how many."""

import hashlib
import logging
import re
from datetime import UTC

from django.core.cache import cache
from django.db import Error
from django.utils import timezone

from blog.models import SubscriberCount

TOLD = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:,\d{3}){1,2}|\d{1,9}) (?:feed )?(?:subscriber|reader)s?\b", re.IGNORECASE
)
COMPATIBLE = re.compile(r"compatible; *([^/;()]+)", re.IGNORECASE)
NAME = re.compile(r"[^/;(]+")
#: Characters of a User-Agent that are looked at, of a service's name, and of the path of a feed.
LONGEST_AGENT, LONGEST_NAME, LONGEST_FEED = 500, 80, 200
MOST = 100_000_000
A_DAY = 24 * 60 * 60
#: What follows is a month of the archive.
ARCHIVED = re.compile(r"/everything/.")

logger = logging.getLogger(__name__)


def read(agent):
    """The service and the number that a User-Agent tells; None if it tells none."""
    agent = agent[:LONGEST_AGENT]
    told = TOLD.search(agent)
    number = int(told[1].replace(",", "")) if told else 0
    if not 0 < number <= MOST:
        return None
    name = COMPATIBLE.search(agent) or NAME.match(agent[: told.start()])
    name = (name[1] if name.re is COMPATIBLE else name[0]) if name else ""
    printable = "".join(character for character in name if character.isprintable())
    return printable.strip(" -,")[:LONGEST_NAME] or "Unnamed", number


def note(request, response):
    """Keep what the request tells. At most once a day for each service and feed, and never to its harm."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    told = read(agent) if response.status_code in (200, 304) and is_counted(request) else None
    if told is None:
        return
    service, number = told
    day = timezone.now().astimezone(UTC).date()
    digest = hashlib.sha256(f"{request.path}\n{service}".encode()).hexdigest()
    key = f"subscribers-{day}-{digest}"
    if not cache.add(key, True, A_DAY):
        return
    try:
        SubscriberCount.note(feed=request.path, service=service, day=day, number=number)
    except Error as error:
        cache.delete(key)  # it tells again before the day is over
        logger.warning("What %s tells of its subscribers is not kept: %s", service, error)


def is_counted(request):
    """Whether it is a feed, and not a search or an older part of one."""
    return (
        not request.META.get("QUERY_STRING")
        and not request.path.startswith("/search/")
        and not ARCHIVED.search(request.path)
        and len(request.path) <= LONGEST_FEED
    )
