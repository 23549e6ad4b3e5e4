"""Feed services ask once for many readers, and tell in their User-Agent for how many."""

import hashlib
import logging
import re
from datetime import UTC

from django.core.cache import cache
from django.core.handlers.wsgi import get_path_info
from django.db import Error
from django.utils import timezone

from blog.models import SubscriberCount

from .middleware import PATH

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


class SubscriberCounter:
    """A WSGI application around another one, which keeps what those tell who are given a feed by it.

    Outside of Django, since a feed that is kept never gets there.
    """

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        told = read(environ.get("HTTP_USER_AGENT", "")) if is_counted(environ) else None
        if told is None:
            return self.application(environ, start_response)
        statuses = []

        def start(status, headers, *of_an_error):
            statuses.append(status)
            return start_response(status, headers, *of_an_error)

        body = self.application(environ, start)
        if statuses[0].startswith(("200", "304")):
            note(get_path_info(environ), *told)
        return body


def is_counted(environ):
    """Whether a feed is asked for, and not a search or an older part of one."""
    path = environ["PATH_INFO"]
    return (
        PATH.match(path)
        and not environ.get("QUERY_STRING")
        and not path.startswith("/search/")
        and not ARCHIVED.search(path)
        and len(path) <= LONGEST_FEED
    )


def note(feed, service, number):
    """At most once a day for each service and feed, and never to the harm of a request."""
    day = timezone.now().astimezone(UTC).date()
    digest = hashlib.sha256(f"{feed}\n{service}".encode()).hexdigest()
    key = f"subscribers-{day}-{digest}"
    if not cache.add(key, True, A_DAY):
        return
    try:
        SubscriberCount.record(feed=feed, service=service, day=day, number=number)
    except Error as error:
        cache.delete(key)  # it tells again before the day is over
        logger.warning("What %s tells of its subscribers is not kept: %s", service, error)
