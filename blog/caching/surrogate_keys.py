"""The surrogate keys of a response, by which a cache in front can be told to drop it.

Views declare the keys of the lists they show, as `surrogate_keys(request, kwargs, context)`. A response whose
view declares none isn't shared. The keys of posts follow from the posts that were loaded for the response:
`post-7` for a whole post, `title-7` for a link to it. A view whose list keys stand for its posts too sets
`keys_include_posts = False`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any
from urllib.parse import quote

from django.db.models.signals import post_init
from django.http import HttpRequest, HttpResponse

from blog.models import Post

EVERYTHING = "all"
#: Header and footer of every page: the current tags, the years.
FRAME = "frame"

#: Characters of all keys of a response. Proxies accept headers of up to 8 KB; larger responses aren't shared.
MAX_HEADER_LENGTH = 4000
#: Characters of one key. Cloudflare accepts 1,024.
MAX_KEY_LENGTH = 1000


class LoadedPosts:
    """The ids of the posts that were loaded during one request."""

    def __init__(self) -> None:
        self.whole: set[int] = set()
        self.titles: set[int] = set()

    def keys(self) -> Iterator[str]:
        yield from (f"post-{pk}" for pk in sorted(self.whole))
        yield from (f"title-{pk}" for pk in sorted(self.titles - self.whole))


current: ContextVar[LoadedPosts | None] = ContextVar("loaded_posts", default=None)


def track_loaded_posts() -> None:
    """Record every post that is loaded within `collect_loaded_posts()` from now on."""
    for model in (Post, *Post.kinds().values()):
        post_init.connect(record_loaded, sender=model, dispatch_uid="blog.caching")


def record_loaded(instance: Post, **kwargs: Any) -> None:
    if (loaded := current.get()) is not None and instance.pk:
        is_whole = not instance.__dict__.keys().isdisjoint({"html", "summary_html"})
        (loaded.whole if is_whole else loaded.titles).add(instance.pk)


@contextmanager
def collect_loaded_posts() -> Iterator[LoadedPosts]:
    loaded = LoadedPosts()
    token = current.set(loaded)
    try:
        yield loaded
    finally:
        current.reset(token)


def response_keys(request: HttpRequest, response: HttpResponse, loaded: LoadedPosts) -> list[str] | None:
    """Return the keys of a response, or None if no cache in front may store it."""
    match = request.resolver_match
    if match is None:
        return None
    view: Any = getattr(match.func, "view_class", match.func)
    if getattr(view, "surrogate_keys", None) is None:
        return None
    declared = view.surrogate_keys(request, match.kwargs, getattr(response, "context_data", None))
    frame = [FRAME] if response["Content-Type"].startswith("text/html") else []
    posts = loaded.keys() if getattr(view, "keys_include_posts", True) else ()
    keys = [encode(key) for key in [EVERYTHING, *frame, *declared, *posts]]
    fit = all(keys) and sum(map(len, keys)) + len(keys) <= MAX_HEADER_LENGTH
    return keys if fit else None


def encode(key: str) -> str:
    """Percent-encode what could separate keys or act as a pattern. Returns "" for a key that is too long."""
    key = quote(key, safe="")
    return key if len(key) <= MAX_KEY_LENGTH else ""


def month_key(day: date) -> str:
    return day.isoformat()[:7]
