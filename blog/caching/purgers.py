"""Tell a cache in front of the weblog which of the answers that it keeps are to be forgotten.

A purger has the name of the `header` in which answers tell it their names, and the `separator` between them
there. Its `purge(names)` returns once all answers that have any of these names are forgotten, or raises
`PurgeFailed`.
"""

from http.client import HTTPException
from urllib.request import Request, urlopen

from django.conf import settings
from django.utils.module_loading import import_string

TIMEOUT = 10


class PurgeFailed(Exception):
    """Says what the cache in front answered."""


def configured():
    """The purger of the settings, or None."""
    if not settings.PURGER:
        return None
    return import_string(settings.PURGER["BACKEND"])(**settings.PURGER["OPTIONS"])


class Varnish:
    """A `BAN` request, with the names in its header and `|` between them (see docs/caching.md)."""

    header = "Surrogate-Key"
    separator = " "
    #: Characters of names in one request: Varnish takes headers of 8 KB.
    longest = 4000

    def __init__(self, url):
        self.url = url

    def purge(self, names):
        for some in self.batches(names):
            request = Request(self.url, method="BAN", headers={self.header: "|".join(some)})
            try:
                with urlopen(request, timeout=TIMEOUT):
                    pass
            except (OSError, HTTPException) as error:
                raise PurgeFailed(f"{self.url} does not ban: {error}") from error

    def batches(self, names):
        batch, length = [], 0
        for name in names:
            if batch and length + len(name) > self.longest:
                yield batch
                batch, length = [], 0
            batch.append(name)
            length += len(name) + 1
        yield batch


class Cloudflare:
    """Its API, through its own client. The token may do nothing but purge the cache of the zone."""

    header = "Cache-Tag"
    separator = ","
    #: Names in one call: the limit of all plans.
    most = 100

    def __init__(self, zone, token):
        self.zone, self.token = zone, token

    def purge(self, names):
        from cloudflare import Cloudflare as Client
        from cloudflare import CloudflareError

        try:
            # Whoever calls this tries again, and that much later.
            with Client(api_token=self.token, max_retries=0, timeout=TIMEOUT) as client:
                for start in range(0, len(names), self.most):
                    client.cache.purge(zone_id=self.zone, tags=names[start : start + self.most])
        except CloudflareError as error:
            raise PurgeFailed(f"Cloudflare does not purge: {error}") from error
