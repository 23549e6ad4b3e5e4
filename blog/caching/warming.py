"""Render the newest pages again right after an author's change, before a reader asks for them."""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from blog.models import Post
from blog.tasks.background import BackgroundThread

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication, WSGIEnvironment

#: The URL names of pages and feeds that every new post changes.
NAMES = ("home", "feed-everything", "rss-everything", "json-everything")
#: Parts of a request that say which site it is for, as `request_key()` reads them.
SITE_PARTS = (
    "wsgi.url_scheme",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_HOST",
    "SERVER_NAME",
    "SERVER_PORT",
    "SCRIPT_NAME",
)


class Warmer:
    """Requests the newest pages in a background thread. Those that are still cached cost a query each."""

    def __init__(self, application: "WSGIApplication") -> None:
        self.application = application
        self.site: dict[str, Any] = {}
        self.thread = BackgroundThread("warming", self.work)

    def start(self, environ: "WSGIEnvironment") -> None:
        """Begin, for the site that this request is for."""
        self.site = {part: environ[part] for part in SITE_PARTS if part in environ}
        self.thread.start()

    def work(self) -> None:
        for path in newest_paths():
            environ = {
                **self.site,
                "REQUEST_METHOD": "GET",
                "PATH_INFO": path,
                "QUERY_STRING": "",
                "HTTP_ACCEPT_ENCODING": "br",
                "wsgi.input": BytesIO(),
            }
            body = self.application(environ, lambda *arguments: None)  # type: ignore[arg-type]
            getattr(body, "close", lambda: None)()


def newest_paths() -> Iterator[str]:
    """Yield the paths of the pages in `NAMES`, of the newest post and of its day. Runs one query."""
    yield from map(reverse, NAMES)
    if post := Post.objects.published().newest_first().only("day", "slug").first():
        yield from (post.get_absolute_url(), post.get_day_url())
