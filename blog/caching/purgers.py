"""Clients that purge responses from a cache in front by their surrogate keys."""

from collections.abc import Iterator, Sequence
from http.client import HTTPException
from typing import Protocol
from urllib.request import Request, urlopen

from django.conf import settings
from django.utils.module_loading import import_string

TIMEOUT = 10  # seconds


class PurgeFailed(Exception):
    """The cache in front refused a purge or did not respond. The message says which."""


class Purger(Protocol):
    header: str  # the response header for surrogate keys
    separator: str  # between keys in that header

    def purge(self, keys: Sequence[str]) -> None:
        """Remove every response that has any of these keys, or raise `PurgeFailed`."""


def from_settings() -> Purger | None:
    if not settings.PURGER:
        return None
    purger: Purger = import_string(settings.PURGER["BACKEND"])(**settings.PURGER["OPTIONS"])
    return purger


def purge(keys: Sequence[str]) -> None:
    """Remove every response that has any of these keys, or raise `PurgeFailed`."""
    purger = from_settings()
    if purger is None:
        raise PurgeFailed("no cache in front is configured")
    purger.purge(keys)


class Varnish:
    """Sends `BAN` requests with the keys in the header, joined by `|` (see docs/caching.md)."""

    header = "Surrogate-Key"
    separator = " "
    #: Characters of keys in one request. Varnish accepts headers of up to 8 KB.
    max_header_length = 4000

    def __init__(self, url: str) -> None:
        self.url = url

    def purge(self, keys: Sequence[str]) -> None:
        for batch in self.batches(keys):
            request = Request(self.url, method="BAN", headers={self.header: "|".join(batch)})
            try:
                with urlopen(request, timeout=TIMEOUT):
                    pass
            except (OSError, HTTPException) as error:
                raise PurgeFailed(f"Varnish at {self.url} failed to ban them: {error}") from error

    def batches(self, keys: Sequence[str]) -> Iterator[list[str]]:
        batch: list[str] = []
        length = 0
        for key in keys:
            if batch and length + len(key) > self.max_header_length:
                yield batch
                batch, length = [], 0
            batch.append(key)
            length += len(key) + 1
        yield batch


class Cloudflare:
    """Calls Cloudflare's API through its own client. The token needs only the Cache Purge permission."""

    header = "Cache-Tag"
    separator = ","
    #: Cache tags per call, the limit of every plan.
    max_tags = 100

    def __init__(self, zone: str, token: str) -> None:
        self.zone, self.token = zone, token

    def purge(self, keys: Sequence[str]) -> None:
        from cloudflare import Cloudflare as Client
        from cloudflare import CloudflareError

        try:
            # The purge worker does the retries.
            with Client(api_token=self.token, max_retries=0, timeout=TIMEOUT) as client:
                for start in range(0, len(keys), self.max_tags):
                    client.cache.purge(zone_id=self.zone, tags=list(keys[start : start + self.max_tags]))
        except CloudflareError as error:
            raise PurgeFailed(f"Cloudflare failed to purge them: {error}") from error
