"""Feed readers ask again and again, mostly for what they have already. They are told so for one query.

The finished text of a feed is kept in the cache, by its address and by the version of the site, which is
another one after each change (`SiteSettings.renew`). So a poll asks for the version, and for nothing else.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from .writers import WRITERS

#: Seconds for which a text is kept at most, should something have changed without a new version.
KEPT = 600
#: Bytes, packed. What is larger is made again each time.
LARGEST_KEPT = 4 * 1024 * 1024
#: Seconds for which readers and what is between need not ask again.
MAX_AGE = 60
#: The same for what is in the archive, and changes when an old post does.
ARCHIVE_MAX_AGE = 3600

FORMATS = "|".join(writer.path for writer in WRITERS)
PATH = re.compile(rf"/(?:(?:{FORMATS})(?:/|$)|search/(?:{FORMATS})/?$|(?:tags|series)/[^/]+\.(?:{FORMATS})$)")
METHODS = ("GET", "HEAD", "OPTIONS")

#: For scripts of other sites (the Fetch standard, 3.2.3): what they may ask, and what they get to see.
FOR_ANYBODY = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}


@dataclass(frozen=True)
class Copy:
    """The text of a feed, packed (gzip), as it is kept."""

    etag: str
    content_type: str
    packed: bytes
    #: Relation and address of what the answer's header leads to.
    links: tuple = ()
    max_age: int = MAX_AGE

    @classmethod
    def of(cls, text, content_type, **given):
        digest = hashlib.sha256(text).hexdigest()[:32]
        return cls(digest, content_type, gzip.compress(text, compresslevel=6, mtime=0), **given)

    def answer(self, request, changed):
        """The feed, or that it is what the reader has (RFC 9110, 13.2.2). `changed`: seconds since 1970.

        ETags are strong, so the packed text has another than the text; either will do to compare with. No
        answer tells a time that is still to come (RFC 9110, 8.8.2.1), though after many changes in a second
        the last of them may have one.
        """
        takes_packed = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "").lower()
        etags = [f'"{self.etag}-gzip"', f'"{self.etag}"']
        headers = {
            "ETag": etags[0 if takes_packed else 1],
            "Last-Modified": http_date(min(changed, timezone.now().timestamp())),
            "Cache-Control": f"public, max-age={self.max_age}",
            "Vary": "Accept-Encoding",
        }
        if self.is_known(request, etags, changed):
            return HttpResponseNotModified(headers=headers)
        return self.whole(request, takes_packed, headers)

    def is_known(self, request, etags, changed):
        if given := request.META.get("HTTP_IF_NONE_MATCH"):
            known = {etag.removeprefix("W/") for etag in parse_etags(given)}
            return not known.isdisjoint({"*", *etags})
        since = parse_http_date_safe(request.META.get("HTTP_IF_MODIFIED_SINCE", ""))
        return since is not None and changed <= since

    def whole(self, request, takes_packed, headers):
        text = self.packed if takes_packed else gzip.decompress(self.packed)
        headers = headers | {"Content-Type": self.content_type, "Content-Length": str(len(text))}
        if takes_packed:
            headers["Content-Encoding"] = "gzip"
        if self.links:
            headers["Link"] = ", ".join(f'<{address}>; rel="{relation}"' for relation, address in self.links)
        return HttpResponse(b"" if request.method == "HEAD" else text, headers=headers)


def keep(copy, request):
    if len(copy.packed) <= LARGEST_KEPT:
        cache.set(key(request, request.site.version), copy, KEPT)


def kept(request, version):
    """The copy of what the request asks for, or None."""
    return cache.get(key(request, version))


def key(request, version):
    address = request.build_absolute_uri()
    return f"feed-{version}-{hashlib.sha256(address.encode()).hexdigest()}"
