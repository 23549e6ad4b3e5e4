"""The URLs of the feeds. They never change.

URL names start with the prefix of the format. That of Atom is `feed`, because Atom was the first.
"""

from collections.abc import Iterator

from django.urls import URLPattern, path

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
from .writers import WRITERS, Writer


def urls_for(writer: type[Writer]) -> Iterator[URLPattern]:
    everything = PostFeed(EverythingSelection, writer)
    folder, suffix, prefix = writer.path, writer.suffix, writer.prefix
    yield path(f"{folder}/", everything)
    yield path(f"{folder}/everything/", everything, name=f"{prefix}-everything")
    yield path(f"{folder}/everything/<month:date>/", PostFeed(MonthSelection, writer), name=f"{prefix}-month")
    for kind in Post.kinds().values():
        one_kind = PostFeed(KindSelection, writer, kind=kind)
        all_but_kind = PostFeed(AllButKindSelection, writer, kind=kind)
        yield path(f"{folder}/{kind.feed}/", one_kind, name=f"{prefix}-{kind.feed}")
        route = f"everything-but-{kind.feed}"
        yield path(f"{folder}/{route}/", all_but_kind, name=f"{prefix}-{route}")
    yield path(f"tags/<tags:slugs>.{suffix}", PostFeed(TagSelection, writer), name=f"{prefix}-tag")
    yield path(f"series/<uslug:slug>.{suffix}", PostFeed(SeriesSelection, writer), name=f"{prefix}-series")
    yield path(f"search/{folder}/", PostFeed(SearchSelection, writer), name=f"{prefix}-search")


urlpatterns = [pattern for writer in WRITERS for pattern in urls_for(writer)]
