"""Public pages that are rendered once, and given out again until something that readers see has changed."""

import gzip
import logging
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b

import brotli
from django.conf import settings
from django.core.cache import caches
from django.db import Error, connection
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from blog import release
from blog.editions import NO_EDITION, SITE

logger = logging.getLogger(__name__)

LONGEST = 2_000_000  # bytes of a page that is kept
PATIENCE = 10  # seconds to wait for a page that somebody else is rendering
MOMENT = 2000  # milliseconds to wait for the database
PAUSE = 0.01  # seconds between looks at whether it is there
#: What a browser, a feed reader or a proxy may keep: to ask again each time whether it is still so.
CACHE_CONTROL = "public, max-age=0, must-revalidate"
PERSONAL = {settings.SESSION_COOKIE_NAME, "messages"}
#: What starts otherwise is no page, or one of the author's.
NEVER_KEPT = ("/admin/", "/media/", "/healthz", "/drafts/", "/random/")
#: In the order of preference.
CODINGS = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
OF_A_BODY = {"Content-Type", "Content-Length", "Content-Encoding", "Content-Language"}
SMALLEST = 500  # bytes that are worth compressing


@dataclass(frozen=True)
class Page:
    """A response as it was rendered, for the edition of the site that it shows."""

    edition: int
    headers: dict
    modified: int  # in seconds since 1970
    tag: str
    bodies: dict  # by content coding, "" being as it was rendered

    @classmethod
    def of(cls, response, edition, former=None):
        """A page that says what the former one said is not modified."""
        body = response.content
        tag = blake2b(body, digest_size=12).hexdigest()
        patch_vary_headers(response, ["Accept-Encoding"])
        headers = dict(response.items())
        headers.pop("Content-Length", None)
        headers.setdefault("Cache-Control", CACHE_CONTROL)
        modified = former.modified if former and former.tag == tag else int(time.time())
        bodies = {"": body}
        if len(body) >= SMALLEST:
            bodies |= {name: compress(body) for name, compress in CODINGS.items()}
        return cls(edition, headers, modified, tag, bodies)

    def answer(self, request):
        coding = next((name for name in CODINGS if name in self.bodies and accepts(request, name)), "")
        body = self.bodies[coding]
        headers = self.headers | {
            "ETag": self.etag(coding),
            # In the second of a change it tells the one before: more may change within it (RFC 9110, 8.8.2.2)
            "Last-Modified": http_date(min(self.modified, int(time.time()) - 1)),
        }
        if self.is_known(request):
            return HttpResponseNotModified(
                headers={name: headers[name] for name in headers.keys() - OF_A_BODY}
            )
        headers["Content-Length"] = str(len(body))
        if coding:
            headers["Content-Encoding"] = coding
        return HttpResponse(b"" if request.method == "HEAD" else body, headers=headers)

    def etag(self, coding):
        return f'"{self.tag}-{coding}"' if coding else f'"{self.tag}"'

    def is_known(self, request):
        """Whether the reader has it (RFC 9110, 13.2.2), in whichever coding."""
        if given := request.META.get("HTTP_IF_NONE_MATCH"):
            known = {etag.removeprefix("W/") for etag in parse_etags(given)}
            return not known.isdisjoint({"*", *map(self.etag, self.bodies)})
        since = parse_http_date_safe(request.META.get("HTTP_IF_MODIFIED_SINCE", ""))
        return since is not None and self.modified <= since


def accepts(request, coding):
    """RFC 9110, section 12.5.3, as far as it is in use: names, and `q=0` for those that are not wanted."""
    for item in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _, weight = item.partition(";")
        if name.strip() == coding:
            return not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight)
    return False


class PageCache:
    """Middleware around all that makes a page. One query for a page that is kept; none of another answer is.

    While the database does not answer, readers are given what there is.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.database = Database()

    def __call__(self, request):
        if not is_public(request):
            return self.get_response(request)
        key = key_of(request)
        page = self.find(key)
        if page:
            return page.answer(request)
        lock = f"{key}.lock"
        if not caches["pages"].add(lock, True, timeout=PATIENCE):
            return self.wait(request, key, lock)
        try:
            page = self.find(key)  # or else somebody was done with it just before
            return page.answer(request) if page else self.render(request, key)
        finally:
            caches["pages"].delete(lock)

    def find(self, key):
        """The page, if it still is what readers should see."""
        page = caches["pages"].get(key)
        if page and self.database.edition() in {page.edition, UNKNOWN}:
            return page
        return None

    def wait(self, request, key, lock):
        """For another request that is rendering the page. If nothing comes of it, this one does."""
        for _ in range(int(PATIENCE / PAUSE)):
            time.sleep(PAUSE)
            if not caches["pages"].get(lock):
                break
        page = self.find(key)
        return page.answer(request) if page else self.render(request, key)

    def render(self, request, key):
        response = self.get_response(request)
        site = getattr(request, "site", None)
        if site is None or site.edition == NO_EDITION or not may_be_kept(response):
            return response
        page = Page.of(response, site.edition, caches["pages"].get(key))
        caches["pages"].set(key, page, timeout=None)
        return page.answer(request)


def is_public(request):
    return (
        request.method in {"GET", "HEAD"}
        and not request.path.startswith(NEVER_KEPT)
        and PERSONAL.isdisjoint(request.COOKIES)
    )


def key_of(request):
    address = f"{request.scheme}://{request.get_host()}{request.get_full_path()}"
    return f"page.{release.NAME}.{blake2b(address.encode(), digest_size=16).hexdigest()}"


def may_be_kept(response):
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and len(response.content) <= LONGEST
        and not re.search("private|no-store|no-cache", response.get("Cache-Control", ""))
        and {"cookie", "accept-encoding"} >= set(re.findall(r"[^\s,]+", response.get("Vary", "").lower()))
    )


#: What is said of the edition while the database is silent.
UNKNOWN = object()


class Database:
    """Knows the edition that readers should see. While there is no answer it asks once a second."""

    silence = 1  # seconds

    def __init__(self):
        self.silent_until = None

    def edition(self):
        """None while a scheduled post's time has come, which makes another one; UNKNOWN without an answer."""
        if self.silent_until and time.monotonic() < self.silent_until:
            return UNKNOWN
        try:
            edition = self.ask()
        except Error as error:
            if not self.silent_until:
                logger.error("The database does not answer: readers get the pages that are kept. %s", error)
            self.silent_until = time.monotonic() + self.silence
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            return UNKNOWN
        if self.silent_until:
            logger.warning("The database answers again.")
            self.silent_until = None
        return edition

    def ask(self):
        query = f"SELECT edition FROM {SITE} WHERE next_due IS NULL OR next_due > %s"
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor, hurry() as prefix:
            cursor.execute(prefix + query, [now])
            if prefix:
                cursor.nextset()
            row = cursor.fetchone()
        return row and row[0]


@contextmanager
def hurry():
    """Makes queries fail that wait longer than a moment. On PostgreSQL by what stands before each of them."""
    if connection.vendor == "sqlite":
        sqlite = connection.connection
        [usual] = sqlite.execute("PRAGMA busy_timeout").fetchone()
        sqlite.execute(f"PRAGMA busy_timeout = {MOMENT}")
        try:
            yield ""
        finally:
            sqlite.execute(f"PRAGMA busy_timeout = {usual}")
    else:
        yield "" if connection.in_atomic_block else f"SET LOCAL statement_timeout = {MOMENT}; "
