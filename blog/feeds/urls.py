"""The addresses of the feeds. They never change.

Atom is the format that was first: names of its addresses begin with `feed`, those of the others with the
name of the format.
"""

from django.urls import path

from blog.models import Post

from .selections import (
    AllButKindSelection,
    EverythingSelection,
    KindSelection,
    MonthSelection,
    SearchSelection,
    SeriesSelection,
    TagSelection,
)
from .views import PostFeed
from .writers import WRITERS


def of(writer):
    everything = PostFeed(EverythingSelection, writer)
    folder, suffix, prefix = writer.path, writer.suffix, writer.prefix
    yield path(f"{folder}/", everything)
    yield path(f"{folder}/everything/", everything, name=f"{prefix}-everything")
    yield path(f"{folder}/everything/<month:date>/", PostFeed(MonthSelection, writer), name=f"{prefix}-month")
    for kind in Post.kinds().values():
        some = PostFeed(KindSelection, writer, kind=kind)
        others = PostFeed(AllButKindSelection, writer, kind=kind)
        yield path(f"{folder}/{kind.feed}/", some, name=f"{prefix}-{kind.feed}")
        route = f"everything-but-{kind.feed}"
        yield path(f"{folder}/{route}/", others, name=f"{prefix}-{route}")
    yield path(f"tags/<tags:slugs>.{suffix}", PostFeed(TagSelection, writer), name=f"{prefix}-tag")
    yield path(f"series/<uslug:slug>.{suffix}", PostFeed(SeriesSelection, writer), name=f"{prefix}-series")
    yield path(f"search/{folder}/", PostFeed(SearchSelection, writer), name=f"{prefix}-search")


urlpatterns = [pattern for writer in WRITERS for pattern in of(writer)]
