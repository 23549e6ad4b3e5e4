"""What an answer shows, as names by which a cache in front can be told to forget it.

The names of lists follow from the view and the address. The posts are all those that were loaded for the
answer: `post-7` stands for a whole post, `title-7` for a link to it. So whatever a view shows of
posts is named without its doing anything, and what a list has no longer is named by itself.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote

from django.db.models.signals import post_init

from blog.feeds.catalogue import OPML, FeedIndex
from blog.feeds.selections import ButKind, Everything, OfKind, OfMonth, OfSearch, OfSeries, OfTags
from blog.feeds.views import PostFeed
from blog.models import Post
from blog.sitemaps import index, part
from blog.views.archives import DayArchive, Home, MonthArchive, YearArchive
from blog.views.links import SiteArchive, SiteIndex, ViaArchive, ViaIndex
from blog.views.listings import KindListing, SeriesDetail, SeriesIndex
from blog.views.pages import Icon, Manifest, PageDetail, Robots
from blog.views.permalinks import PostDetail
from blog.views.search import SearchPage, Suggestions
from blog.views.tags import TagArchive, TagIndex

from .touched import EVERYTHING, FRAME, month_name

#: Characters of all names of an answer: proxies take headers of 8 KB. What shows more is not shared.
MOST = 4000
#: Characters of one name: Cloudflare takes 1,024.
LONGEST = 1000
#: Their lists of posts have names that stand for all of it.
WITHOUT_POSTS = {YearArchive, part}

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
        post_init.connect(note, sender=model, dispatch_uid="blog.purging")


def note(instance, **kwargs):
    if (loaded := loading.get()) is not None and instance.pk:
        is_whole = not instance.__dict__.keys().isdisjoint({"html", "summary_html"})
        (loaded.whole if is_whole else loaded.titles).add(instance.pk)


@contextmanager
def noting():
    loaded = Loaded()
    token = loading.set(loaded)
    try:
        yield loaded
    finally:
        loading.reset(token)


def names_of(request, response, loaded):
    """All names of the answer, or None for one that no cache in front may keep."""
    match = request.resolver_match
    view = match and getattr(match.func, "view_class", match.func)
    if isinstance(view, PostFeed):
        lists = of_feed(view, request, match.kwargs)
    elif view in LISTS:
        lists = LISTS[view](match, getattr(response, "context_data", None))
    else:
        return None
    frame = [FRAME] if response["Content-Type"].startswith("text/html") else []
    posts = [] if view in WITHOUT_POSTS else loaded.names()
    names = [spelled(name) for name in [EVERYTHING, *frame, *lists, *posts]]
    fit = all(names) and sum(map(len, names)) + len(names) <= MOST
    return names if fit else None


def spelled(name):
    """In characters that separate no names and mean nothing in a pattern. Nothing for what is too long."""
    name = quote(name, safe="")
    return name if len(name) <= LONGEST else ""


def of_month(match, context):
    month = month_name(match.kwargs["date"])
    return f"month-{month}", f"calendar-{month}"


def of_day(match, context):
    day = match.kwargs["date"]
    return f"day-{day}", f"calendar-{month_name(day)}"


def of_post(match, context):
    beside = {f"series-{post.series.slug}" for post in context["series_posts"]}
    return ["entries-beside", f"at-{context['post'].pk}", *beside]


def of_tags(match, context):
    shown = [f"uses-{tag.slug}" for tag in [*context["tags"], *context["related"]]]
    return [*shown, *(f"tag-{tag.slug}" for tag in context["tags"])]


#: What each view shows beside posts. Of one that is not here nothing is shared.
LISTS = {
    Home: lambda match, context: ("newest", "entries-at-home"),
    YearArchive: lambda match, context: (f"year-{match.kwargs['date'].year}",),
    MonthArchive: of_month,
    DayArchive: of_day,
    PostDetail: of_post,
    KindListing: lambda match, context: (f"kind-{context['kind']._meta.model_name}",),
    TagIndex: lambda match, context: ("tags",),
    TagArchive: of_tags,
    SeriesIndex: lambda match, context: ("series-index",),
    SeriesDetail: lambda match, context: (f"series-{match.kwargs['slug']}",),
    SiteIndex: lambda match, context: ("sites-links",),
    ViaIndex: lambda match, context: ("sites-via",),
    SiteArchive: lambda match, context: (f"host-{match.kwargs['host']}",),
    ViaArchive: lambda match, context: (f"via-{match.kwargs['host']}",),
    FeedIndex: lambda match, context: ("feeds",),
    OPML: lambda match, context: ("feeds",),
    SearchPage: lambda match, context: ("search",),
    Suggestions: lambda match, context: ("search",),
    PageDetail: lambda match, context: (f"page-{match.kwargs['slug']}",),
    index: lambda match, context: ("sitemap",),
    part: lambda match, context: (f"sitemap-{match.kwargs['section']}",),
    Robots: lambda match, context: (),
    Manifest: lambda match, context: (),
    Icon: lambda match, context: (),
}


def of_feed(feed, request, kwargs):
    """The first document of a feed shows what is newest. An older one is taken to show the whole list."""
    kwargs = feed.given | kwargs
    is_first = "before" not in request.GET
    prefix = "newest" if is_first else "kind"
    kinds = Post.kinds()
    if feed.selection is OfMonth:
        return [f"feed-{month_name(kwargs['date'])}"]
    if feed.selection is Everything:
        return ["newest"] if is_first else [f"kind-{name}" for name in kinds]
    if feed.selection is OfKind:
        return [f"{prefix}-{kwargs['kind']._meta.model_name}"]
    if feed.selection is ButKind:
        return [f"{prefix}-{name}" for name, kind in kinds.items() if kind is not kwargs["kind"]]
    if feed.selection is OfTags:
        return [f"tag-{slug}" for slug in kwargs["slugs"]]
    if feed.selection is OfSeries:
        return [f"series-{kwargs['slug']}"]
    assert feed.selection is OfSearch
    return ["search"]
