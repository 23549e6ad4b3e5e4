"""The response cache: serve public pages without calling Django."""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard

from django.conf import settings
from django.http import HttpResponse

from .cached_page import CachedPage
from .site_version import NO_VERSION, REQUEST_VERSION
from .site_version_reader import UNKNOWN, SiteVersionReader
from .store import PageStore, storage_key

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

MAX_PAGE_SIZE = 2_000_000  # bytes
LOCK_TIMEOUT = 10  # seconds to wait for a page that another request is rendering
LOCK_POLL_INTERVAL = 0.01  # seconds
#: A request with one of these cookies may be personal, and bypasses the cache.
PERSONAL_COOKIES = (settings.SESSION_COOKIE_NAME, "messages")
#: Prefixes of paths that are no public page.
UNCACHED_PREFIXES = ("/admin/", settings.MEDIA_URL, settings.STATIC_URL, "/healthz", "/drafts/", "/random/")


class VersionReader(Protocol):
    def version(self) -> Any:
        """Return the site version, None if nothing cached is valid, or `UNKNOWN`."""


class ResponseCache:
    """A WSGI application around Django's. A cached page costs one query, for the site version.

    It runs outside Django because Django's work around every request takes several times as long as serving
    a cached page. While the database is down, readers get the pages that are cached, outdated or not.
    """

    def __init__(self, application: "WSGIApplication", version_reader: VersionReader | None = None) -> None:
        self.application = application
        self.version_reader = version_reader or SiteVersionReader()
        self.store = PageStore()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not is_public(environ):
            return self.application(environ, start_response)
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
        """Return the cached page if it is still valid. Runs one query."""
        version = self.version_reader.version()
        page = self.store.get(key, lambda page: version in {page.version, UNKNOWN})
        return page.without_shared_caching() if page and version is UNKNOWN else page

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
        version = environ.get(REQUEST_VERSION, NO_VERSION)
        if version == NO_VERSION or not is_cacheable(response):
            start_response(*started[0])
            return response
        page = CachedPage.from_response(response, version, previous=self.store.latest(key))
        response.close()
        self.store.set(key, page)
        return send(page, environ, start_response)


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
    )


def has_personal_cookie(environ: Mapping[str, Any]) -> bool:
    cookies = environ.get("HTTP_COOKIE", "")
    return any(name in cookies for name in PERSONAL_COOKIES)


def request_key(environ: Mapping[str, Any]) -> str:
    """Join all parts of a request that its response depends on."""
    scheme_header = settings.SECURE_PROXY_SSL_HEADER and settings.SECURE_PROXY_SSL_HEADER[0]
    site = ("wsgi.url_scheme", scheme_header, "HTTP_HOST", "SERVER_PORT", "SCRIPT_NAME")
    return "\n".join(environ.get(part, "") for part in (*site, "PATH_INFO", "QUERY_STRING"))


def is_cacheable(response: object) -> TypeGuard[HttpResponse]:
    return (
        isinstance(response, HttpResponse)  # and not a streaming response
        and response.status_code == 200
        and not response.cookies
        and len(response.content) <= MAX_PAGE_SIZE
        and not re.search("private|no-store|no-cache", response.get("Cache-Control", ""))
        and {"cookie", "accept-encoding"} >= set(re.findall(r"[^\s,]+", response.get("Vary", "").lower()))
    )
