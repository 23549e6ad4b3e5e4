"""What answers readers before Django is asked."""

import re
import time
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpResponse

from .cached_page import CachedPage
from .site_version import NO_VERSION, REQUEST_VERSION
from .site_version_reader import UNKNOWN, SiteVersionReader
from .store import Store, key_of

LONGEST = 2_000_000  # bytes of a page that is kept
PATIENCE = 10  # seconds to wait for a page that somebody else is rendering
PAUSE = 0.01  # seconds between looks at whether it is there
#: Names of cookies. Who sends one is perhaps not anybody.
PERSONAL = (settings.SESSION_COOKIE_NAME, "messages")
#: What starts otherwise is no page, or one of the author's.
NEVER_KEPT = ("/admin/", settings.MEDIA_URL, settings.STATIC_URL, "/healthz", "/drafts/", "/random/")


class ResponseCache:
    """A WSGI application around Django's. One query for a page that is kept; none of another answer is.

    It stands outside of Django because what Django does around every request takes several times as
    long as all that there is to do for a page that is kept. While the database does not answer,
    readers are given what there is.
    """

    def __init__(self, application, database=None):
        self.application = application
        self.database = database or SiteVersionReader()
        self.store = Store()

    def __call__(self, environ, start_response):
        if not is_public(environ):
            return self.application(environ, start_response)
        address = address_of(environ)
        page = self.find(address)
        if page:
            return give(page, environ, start_response)
        with self.turn(address):
            page = self.find(address)  # or else somebody was done with it meanwhile
            if page:
                return give(page, environ, start_response)
            return self.render(address, environ, start_response)

    def find(self, address):
        """The page, if it still is what readers should see."""
        version = self.database.version()
        page = self.store.find(address, lambda page: version in {page.version, UNKNOWN})
        return page.for_now() if page and version is UNKNOWN else page

    @contextmanager
    def turn(self, address):
        """Of those who ask for the same at once one goes first. The others wait until that one is done."""
        lock = f"{key_of(address)}.lock"
        if self.store.shared.add(lock, True, timeout=PATIENCE):
            try:
                yield
            finally:
                self.store.shared.delete(lock)
        else:
            for _ in range(int(PATIENCE / PAUSE)):
                time.sleep(PAUSE)
                if not self.store.shared.get(lock):
                    break
            yield

    def render(self, address, environ, start_response):
        answered = []
        response = self.application(environ, lambda *answer: answered.append(answer))
        version = environ.get(REQUEST_VERSION, NO_VERSION)
        if version == NO_VERSION or not may_be_kept(response):
            start_response(*answered[0])
            return response
        page = CachedPage.of(response, version, self.store.former(address))
        response.close()
        self.store.keep(address, page)
        return give(page, environ, start_response)


def give(page, environ, start_response):
    status, headers, body = page.answer(environ)
    start_response(status, headers)
    return [body]


def is_public(environ):
    """Whether everybody is answered alike."""
    return (
        environ["REQUEST_METHOD"] in {"GET", "HEAD"}
        and not environ["PATH_INFO"].startswith(NEVER_KEPT)
        and not is_personal(environ)
    )


def is_personal(environ):
    cookies = environ.get("HTTP_COOKIE", "")
    return any(name in cookies for name in PERSONAL)


def address_of(environ):
    """All that an answer depends on but the content of the site."""
    name_of_scheme = settings.SECURE_PROXY_SSL_HEADER and settings.SECURE_PROXY_SSL_HEADER[0]
    site = ("wsgi.url_scheme", name_of_scheme, "HTTP_HOST", "SERVER_PORT", "SCRIPT_NAME")
    return "\n".join(environ.get(part, "") for part in (*site, "PATH_INFO", "QUERY_STRING"))


def may_be_kept(response):
    return (
        isinstance(response, HttpResponse)  # and no stream
        and response.status_code == 200
        and not response.cookies
        and len(response.content) <= LONGEST
        and not re.search("private|no-store|no-cache", response.get("Cache-Control", ""))
        and {"cookie", "accept-encoding"} >= set(re.findall(r"[^\s,]+", response.get("Vary", "").lower()))
    )
