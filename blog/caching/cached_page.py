"""A rendered page with its compressed variants, and the HTTP responses made from it (RFC 9110)."""

import gzip
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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
class Variant:
    """The page in one content coding."""

    etag: str
    body: bytes
    headers: Headers  # all but Last-Modified

    @classmethod
    def build(cls, body: bytes, digest: str, coding: str, headers: Mapping[str, str]) -> "Variant":
        etag = f'"{digest}-{coding}"' if coding else f'"{digest}"'
        headers = {**headers, "ETag": etag, "Content-Length": str(len(body))}
        if coding:
            headers["Content-Encoding"] = coding
        return cls(etag, body, tuple(headers.items()))

    def without_shared_caching(self) -> "Variant":
        headers = ((name, SHARED_DIRECTIVES.sub("", value)) for name, value in self.headers)
        return replace(self, headers=tuple(headers))

    @cached_property
    def not_modified_headers(self) -> Headers:
        """The headers of a 304 (section 15.4.5), all but Last-Modified."""
        return tuple(header for header in self.headers if header[0].lower() not in BODY_HEADERS)


@dataclass(frozen=True)
class CachedPage:
    """A response, valid for one site version."""

    version: int
    modified: int  # Unix time
    digest: str
    variants: dict[str, Variant]  # by content coding; "" is uncompressed

    @classmethod
    def from_response(
        cls, response: HttpResponse, version: int, previous: "CachedPage | None" = None
    ) -> "CachedPage":
        """Build the page, with the previous page's modification time if both have the same body."""
        body = response.content
        digest = blake2b(body, digest_size=12).hexdigest()
        patch_vary_headers(response, ["Accept-Encoding"])
        headers = {"Cache-Control": CACHE_CONTROL, **dict(response.items())}
        bodies = {"": body}
        if len(body) >= MIN_COMPRESSED_SIZE:
            bodies |= {coding: compress(body) for coding, compress in CODINGS.items()}
        return cls(
            version,
            previous.modified if previous and previous.digest == digest else int(time.time()),
            digest,
            {coding: Variant.build(body, digest, coding, headers) for coding, body in bodies.items()},
        )

    @cached_property
    def etags(self) -> set[str]:
        return {"*", *(variant.etag for variant in self.variants.values())}

    @property
    def size(self) -> int:
        """The approximate number of bytes it takes in memory."""
        return 2000 + sum(len(variant.body) for variant in self.variants.values())

    def without_shared_caching(self) -> "CachedPage":
        """Return a copy that caches in front must revalidate, for when the page may be stale."""
        variants = {coding: variant.without_shared_caching() for coding, variant in self.variants.items()}
        return replace(self, variants=variants)

    def respond(self, environ: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return status, headers and body for a WSGI request."""
        codings = accepted_codings(environ.get("HTTP_ACCEPT_ENCODING", ""))
        variant = self.variants[next(coding for coding in codings if coding in self.variants)]
        # Within the second of a change Last-Modified is one second earlier: a second change may still come
        # in that second, and would otherwise go unnoticed (section 8.8.2.2).
        modified = ("Last-Modified", format_date(min(self.modified, int(time.time()) - 1)))
        if self.is_not_modified(environ):
            return "304 Not Modified", [*variant.not_modified_headers, modified], b""
        body = b"" if environ["REQUEST_METHOD"] == "HEAD" else variant.body
        return "200 OK", [*variant.headers, modified], body

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
