"""A page as it was rendered, and what readers are answered with it (RFC 9110: HTTP semantics)."""

import gzip
import re
import time
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from hashlib import blake2b

import brotli
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe

#: What a browser, a feed reader or a proxy may keep: to ask again each time whether it is still so.
CACHE_CONTROL = "public, max-age=0, must-revalidate"
#: What else is said to caches that are told of changes (see `blog.caching`).
SHARED = re.compile(r", s-maxage=\d+, stale-while-revalidate=\d+$")
#: In the order of preference.
CODINGS = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
SMALLEST = 500  # bytes that are worth compressing
OF_A_BODY = {"content-type", "content-length", "content-encoding", "content-language"}


@dataclass(frozen=True)
class Variant:
    """The page in one content coding."""

    etag: str
    body: bytes
    headers: tuple  # all but Last-Modified

    @classmethod
    def of(cls, body, digest, coding, headers):
        etag = f'"{digest}-{coding}"' if coding else f'"{digest}"'
        headers = headers | {"ETag": etag, "Content-Length": str(len(body))}
        if coding:
            headers["Content-Encoding"] = coding
        return cls(etag, body, tuple(headers.items()))

    def for_now(self):
        headers = ((name, SHARED.sub("", value)) for name, value in self.headers)
        return replace(self, headers=tuple(headers))

    @cached_property
    def headers_alone(self):
        """What tells of the page to those who have its body (15.4.5)."""
        return tuple(header for header in self.headers if header[0].lower() not in OF_A_BODY)


@dataclass(frozen=True)
class CachedPage:
    """A response for the version of the site that it shows."""

    version: int
    modified: int  # in seconds since 1970
    digest: str
    variants: dict  # by content coding, "" being as it was rendered

    @classmethod
    def of(cls, response, version, former=None):
        """A page that says what the former one said is not modified."""
        body = response.content
        digest = blake2b(body, digest_size=12).hexdigest()
        patch_vary_headers(response, ["Accept-Encoding"])
        headers = {"Cache-Control": CACHE_CONTROL, **dict(response.items())}
        bodies = {"": body}
        if len(body) >= SMALLEST:
            bodies |= {coding: compress(body) for coding, compress in CODINGS.items()}
        return cls(
            version,
            former.modified if former and former.digest == digest else int(time.time()),
            digest,
            {coding: Variant.of(body, digest, coding, headers) for coding, body in bodies.items()},
        )

    @cached_property
    def etags(self):
        return {"*", *(variant.etag for variant in self.variants.values())}

    @property
    def size(self):
        """About how many bytes it takes in memory."""
        return 2000 + sum(len(variant.body) for variant in self.variants.values())

    def for_now(self):
        """The same, which no cache in front is to keep: it may have changed without anybody's knowing."""
        return replace(self, variants={coding: found.for_now() for coding, found in self.variants.items()})

    def answer(self, environ):
        """Status, headers and body for a request as WSGI describes it."""
        codings = accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
        variant = self.variants[next(coding for coding in codings if coding in self.variants)]
        # In the second of a change it tells the one before: more may change within it (8.8.2.2).
        modified = ("Last-Modified", date_of(min(self.modified, int(time.time()) - 1)))
        if self.is_known(environ):
            return "304 Not Modified", [*variant.headers_alone, modified], b""
        body = b"" if environ["REQUEST_METHOD"] == "HEAD" else variant.body
        return "200 OK", [*variant.headers, modified], body

    def is_known(self, environ):
        """Whether the reader has it (13.2.2), in whichever coding."""
        if given := environ.get("HTTP_IF_NONE_MATCH"):
            if given in self.etags:
                return True
            return not self.etags.isdisjoint(etag.removeprefix("W/") for etag in parse_etags(given))
        since = parse_http_date_safe(environ.get("HTTP_IF_MODIFIED_SINCE", ""))
        return since is not None and self.modified <= since


@lru_cache(maxsize=1000)
def date_of(moment):
    return http_date(moment)


@lru_cache(maxsize=1000)
def accepted(header):
    """The codings that an Accept-Encoding wants, the best first, and at last none at all.

    Section 12.5.3, as far as it is in use: names, and `q=0` for those that are not wanted.
    """
    weights = {}
    for item in header.lower().split(","):
        name, _, weight = item.partition(";")
        weights.setdefault(name.strip(), not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight))
    return (*(coding for coding in CODINGS if weights.get(coding)), "")
