"""The surrogate keys of a response, by which a cache in front can be told to drop it.

Views declare the keys of the lists they show, as `surrogate_keys(request, kwargs, context)`. A response whose
view declares none isn't shared. The keys of posts follow from the posts that were loaded for the response:
`post-7` for a whole post, `title-7` for a link to it. A view whose list keys stand for its posts too sets
`keys_include_posts = False`.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote

from django.db.models.signals import post_init

from blog.models import Post

EVERYTHING = "all"
#: What surrounds each page: tags above it, years below.
FRAME = "frame"

#: Characters of all names of an answer: proxies take headers of 8 KB. What shows more is not shared.
MOST = 4000
#: Characters of one name: Cloudflare takes 1,024.
LONGEST = 1000

loading = ContextVar("loading", default=None)


class Loaded:
    """The posts that are loaded in one request."""

    def __init__(self):
        self.whole, self.titles = set(), set()

    def names(self):
        yield from (f"post-{pk}" for pk in sorted(self.whole))
        yield from (f"title-{pk}" for pk in sorted(self.titles - self.whole))


def watch_posts():
    """From now on, posts are noted as they are loaded."""
    for model in (Post, *Post.kinds().values()):
        post_init.connect(note, sender=model, dispatch_uid="blog.caching")


def note(instance, **kwargs):
    if (loaded := loading.get()) is not None and instance.pk:
        is_whole = not instance.__dict__.keys().isdisjoint({"html", "summary_html"})
        (loaded.whole if is_whole else loaded.titles).add(instance.pk)


@contextmanager
def collect_posts():
    loaded = Loaded()
    token = loading.set(loaded)
    try:
        yield loaded
    finally:
        loading.reset(token)


def keys_for(request, response, loaded):
    """All names of the answer, or None for one that no cache in front may keep."""
    match = request.resolver_match
    view = match and getattr(match.func, "view_class", match.func)
    if getattr(view, "surrogate_keys", None) is None:
        return None
    lists = view.surrogate_keys(request, match.kwargs, getattr(response, "context_data", None))
    frame = [FRAME] if response["Content-Type"].startswith("text/html") else []
    posts = loaded.names() if getattr(view, "keys_include_posts", True) else []
    names = [encode(name) for name in [EVERYTHING, *frame, *lists, *posts]]
    fit = all(names) and sum(map(len, names)) + len(names) <= MOST
    return names if fit else None


def encode(name):
    """In characters that separate no names and mean nothing in a pattern. Nothing for what is too long."""
    name = quote(name, safe="")
    return name if len(name) <= LONGEST else ""


def month_key(day):
    return day.isoformat()[:7]
