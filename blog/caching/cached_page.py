"""A rendered page, and the HTTP responses made from it (RFC 9110)."""

import gzip
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Any

import brotli
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe

Headers = tuple[tuple[str, str], ...]

#: Browsers, feed readers and proxies may store pages, and must revalidate them on every use.
CACHE_CONTROL = "public, max-age=0, must-revalidate"
#: The directives that `blog.caching.middleware` adds for caches it can purge.
SHARED_DIRECTIVES = re.compile(r", s-maxage=\d+, stale-while-revalidate=\d+$")
#: Content codings and their compressors, the preferred one first.
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
MIN_COMPRESSED_SIZE = 500  # bytes; smaller bodies gain nothing
#: Headers that describe a body, which a 304 doesn't have.
BODY_HEADERS = {"content-type", "content-length", "content-encoding", "content-language"}


@dataclass(frozen=True)
class CachedPage:
    """A response, valid until a change notes one of its surrogate keys."""

    version: int  # of the site when it was made, or when it was last found to be valid
    keys: frozenset[str]
    modified: int  # Unix time
    digest: str
    headers: Headers  # all but ETag, Last-Modified and those of a content coding
    body: bytes
    #: The body by content coding, compressed when somebody first asks for it.
    compressed: dict[str, bytes] = field(default_factory=dict, compare=False)

    @classmethod
    def from_response(
        cls,
        response: HttpResponse,
        version: int,
        keys: Iterable[str] = (),
        previous: "CachedPage | None" = None,
    ) -> "CachedPage":
        """Build the page, with the previous page's modification time if both have the same body."""
        body = response.content
        digest = blake2b(body, digest_size=12).hexdigest()
        patch_vary_headers(response, ["Accept-Encoding"])
        headers = {"Cache-Control": CACHE_CONTROL, **dict(response.items())}
        headers.pop("Content-Length", None)  # of the uncompressed body
        is_same = previous is not None and previous.digest == digest
        return cls(
            version,
            frozenset(keys),
            previous.modified if previous and is_same else int(time.time()),
            digest,
            tuple(headers.items()),
            body,
            previous.compressed if previous and is_same else {},
        )

    @property
    def size(self) -> int:
        """The approximate number of bytes it takes in memory, with both compressed bodies."""
        return 2000 + 60 * len(self.keys) + len(self.body) * 3 // 2

    def at_version(self, version: int) -> "CachedPage":
        """Return a copy for a later site version in which it is still valid."""
        return replace(self, version=version)

    def without_shared_caching(self) -> "CachedPage":
        """Return a copy that caches in front must revalidate, for when the page may be stale."""
        headers = tuple((name, SHARED_DIRECTIVES.sub("", value)) for name, value in self.headers)
        return replace(self, headers=headers)

    @cached_property
    def codings(self) -> tuple[str, ...]:
        """The content codings it is available in."""
        return (*CODINGS, "") if len(self.body) >= MIN_COMPRESSED_SIZE else ("",)

    @cached_property
    def etags(self) -> set[str]:
        return {"*", *map(self.etag, self.codings)}

    def etag(self, coding: str) -> str:
        return f'"{self.digest}-{coding}"' if coding else f'"{self.digest}"'

    def encoded(self, coding: str) -> bytes:
        if not coding:
            return self.body
        if coding not in self.compressed:
            self.compressed[coding] = CODINGS[coding](self.body)
        return self.compressed[coding]

    @cached_property
    def not_modified_headers(self) -> Headers:
        """The headers of a 304 (section 15.4.5), all but ETag and Last-Modified."""
        return tuple(header for header in self.headers if header[0].lower() not in BODY_HEADERS)

    def respond(self, environ: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return status, headers and body for a WSGI request."""
        accepted = accepted_codings(environ.get("HTTP_ACCEPT_ENCODING", ""))
        coding = next(coding for coding in accepted if coding in self.codings)
        # Within the second of a change Last-Modified is one second earlier: a second change may still come
        # in that second, and would otherwise go unnoticed (section 8.8.2.2).
        modified = format_date(min(self.modified, int(time.time()) - 1))
        validators = [("ETag", self.etag(coding)), ("Last-Modified", modified)]
        if self.is_not_modified(environ):
            return "304 Not Modified", [*self.not_modified_headers, *validators], b""
        body = self.encoded(coding)
        headers = [*self.headers, ("Content-Length", str(len(body))), *validators]
        if coding:
            headers.append(("Content-Encoding", coding))
        return "200 OK", headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else body

    def is_not_modified(self, environ: Mapping[str, Any]) -> bool:
        """Evaluate the request's conditions (section 13.2.2). The ETag of any coding matches."""
        if given := environ.get("HTTP_IF_NONE_MATCH"):
            if given in self.etags:
                return True
            return not self.etags.isdisjoint(etag.removeprefix("W/") for etag in parse_etags(given))
        since = parse_http_date_safe(environ.get("HTTP_IF_MODIFIED_SINCE", ""))
        return since is not None and self.modified <= since


@lru_cache(maxsize=1000)
def format_date(timestamp: int) -> str:
    return http_date(timestamp)


@lru_cache(maxsize=1000)
def accepted_codings(header: str) -> tuple[str, ...]:
    """Return the known codings that an Accept-Encoding header accepts, the preferred first and "" last.

    Of section 12.5.3 it reads what clients send: names, and `q=0` for codings they refuse.
    """
    accepted: dict[str, bool] = {}
    for item in header.lower().split(","):
        name, _, weight = item.partition(";")
        accepted.setdefault(name.strip(), not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight))
    return (*(coding for coding in CODINGS if accepted.get(coding)), "")
