"""The response cache: serve public pages without calling Django."""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeGuard
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpResponse

from blog.search.parameters import CLEANERS

from .cached_page import CachedPage
from .change_log import UNKNOWN, ChangeLog
from .store import PageStore, storage_key
from .warming import Warmer

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

#: Keys in the WSGI environment: the site version that a response was rendered from, and its surrogate keys.
REQUEST_VERSION = "weblog.site_version"
REQUEST_KEYS = "weblog.surrogate_keys"
#: The parameters that public pages know. No page is cached or rendered for any other.
PARAMETERS = {*CLEANERS, "all", "before", "p", "page"}
MAX_PAGE_SIZE = 2_000_000  # bytes
LOCK_TIMEOUT = 10  # seconds to wait for a page that another request is rendering
LOCK_POLL_INTERVAL = 0.01  # seconds
#: A request with one of these cookies may be personal, and bypasses the cache.
PERSONAL_COOKIES = (settings.SESSION_COOKIE_NAME, "messages")
#: Prefixes of paths that are no public page.
UNCACHED_PREFIXES = ("/admin/", settings.MEDIA_URL, settings.STATIC_URL, "/healthz", "/drafts/", "/random/")


class ResponseCache:
    """A WSGI application around Django's. A cached page costs one query: has anything changed?

    It runs outside Django because Django's work around every request takes several times as long as serving
    a cached page. While the database is down, readers get the pages that are cached, outdated or not.
    """

    def __init__(self, application: "WSGIApplication", change_log: ChangeLog | None = None) -> None:
        self.application = application
        self.change_log = change_log or ChangeLog()
        self.store = PageStore()
        self.warmer = Warmer(self)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not is_public(environ):
            response = self.application(environ, start_response)
            if environ["REQUEST_METHOD"] == "POST" and has_personal_cookie(environ):
                self.warmer.start(environ)
            return response
        environ.pop("CONTENT_TYPE", None)  # Django would decode the query by its charset, which the key lacks
        key = request_key(environ)
        page = self.find(key)
        if page:
            return send(page, environ, start_response)
        with self.render_lock(key):
            page = self.find(key)  # another request may have rendered it meanwhile
            if page:
                return send(page, environ, start_response)
            return self.render(key, environ, start_response)

    def find(self, key: str) -> CachedPage | None:
        """Return the cached page if it is still valid. Runs one query, or two after a change."""
        version = self.change_log.current_version()
        if version is None:
            return None
        if version is UNKNOWN:
            page = self.store.latest(key)
            return page and page.without_shared_caching()

        def validate(page: CachedPage) -> CachedPage | None:
            if not self.change_log.is_valid(page, version):
                return None
            return page if page.version == version else page.at_version(version)

        return self.store.get(key, validate)

    @contextmanager
    def render_lock(self, key: str) -> Iterator[None]:
        """Let one request at a time render a page. The others wait for it, up to `LOCK_TIMEOUT`."""
        lock = f"{storage_key(key)}.lock"
        if self.store.shared.add(lock, True, timeout=LOCK_TIMEOUT):
            try:
                yield
            finally:
                self.store.shared.delete(lock)
        else:
            for _ in range(int(LOCK_TIMEOUT / LOCK_POLL_INTERVAL)):
                time.sleep(LOCK_POLL_INTERVAL)
                if not self.store.shared.get(lock):
                    break
            yield

    def render(
        self, key: str, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        started: list[tuple[Any, ...]] = []
        response = self.application(environ, lambda *arguments: started.append(arguments))  # type: ignore[arg-type]
        version, keys = environ.get(REQUEST_VERSION), environ.get(REQUEST_KEYS)
        if not version or keys is None or not is_cacheable(response):
            start_response(*started[0])
            return response
        page = CachedPage.from_response(response, version, keys, previous=self.store.latest(key))
        response.close()
        status, headers, body = page.respond(environ)
        self.store.set(key, page)  # with the body in the coding that was asked for
        start_response(status, headers)
        return [body]


def send(page: CachedPage, environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
    status, headers, body = page.respond(environ)
    start_response(status, headers)
    return [body]


def is_public(environ: Mapping[str, Any]) -> bool:
    """Tell whether every visitor gets the same response."""
    return (
        environ["REQUEST_METHOD"] in {"GET", "HEAD"}
        and not environ["PATH_INFO"].startswith(UNCACHED_PREFIXES)
        and not has_personal_cookie(environ)
        and "&amp" not in environ.get("QUERY_STRING", "")  # is redirected
    )


def has_personal_cookie(environ: Mapping[str, Any]) -> bool:
    cookies = environ.get("HTTP_COOKIE", "")
    return any(name in cookies for name in PERSONAL_COOKIES)


def request_key(environ: Mapping[str, Any]) -> str:
    """Join all parts of a request that its response depends on."""
    query = known_parameters(environ.get("QUERY_STRING", ""))
    scheme_header = settings.SECURE_PROXY_SSL_HEADER and settings.SECURE_PROXY_SSL_HEADER[0]
    site = ("wsgi.url_scheme", scheme_header, "HTTP_HOST", "SERVER_PORT", "SCRIPT_NAME")
    return "\n".join([*(environ.get(part, "") for part in (*site, "PATH_INFO")), query])


def known_parameters(query: str) -> str:
    """Return the query string without parameters that no public page knows."""
    if not query:
        return query
    return "&".join(part for part in query.split("&") if unquote_plus(part.partition("=")[0]) in PARAMETERS)


def is_cacheable(response: object) -> TypeGuard[HttpResponse]:
    return (
        isinstance(response, HttpResponse)  # and not a streaming response
        and response.status_code == 200
        and not response.cookies
        and len(response.content) <= MAX_PAGE_SIZE
        and not re.search("private|no-store|no-cache", response.get("Cache-Control", ""))
        and {"cookie", "accept-encoding"} >= set(re.findall(r"[^\s,]+", response.get("Vary", "").lower()))
    )
