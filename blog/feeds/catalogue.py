"""The list of feeds, as a page and as OPML 2.0 for feed readers to import."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from blog.middleware import SiteRequest
from blog.models import Post, Series, SiteSettings, Tag

from .selections import (
    AllButKindSelection,
    EverythingSelection,
    KindSelection,
    Selection,
    SeriesSelection,
    TagSelection,
)
from .writers import WRITERS, Atom, LenientXMLGenerator

MAX_TAGS = 50
MAX_SERIES = 100


def catalogue() -> dict[str, list[Selection]]:
    """The selections of each group by the group's title. Runs two queries."""
    kinds = Post.kinds().values()
    tags = Tag.objects.public().order_by("-uses", "name").followed_by("tags")
    tags = tags.defer("description", "description_html")
    series = Series.objects.public().order_by("-created", "-pk").followed_by("series")
    groups: dict[str, Iterable[Selection]] = {
        _("Everything"): [EverythingSelection()],
        _("One kind"): map(KindSelection, kinds),
        _("Everything but one kind"): map(AllButKindSelection, kinds),
        _("Series"): map(SeriesSelection, series[:MAX_SERIES]),
        _("Tags"): (TagSelection([tag]) for tag in tags[:MAX_TAGS]),
    }
    return {title: found for title, selections in groups.items() if (found := list(selections))}


class FeedIndex(TemplateView):
    request: SiteRequest
    template_name = "blog/feeds.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = [
            {"title": title, "feeds": [self.row(selection) for selection in selections]}
            for title, selections in catalogue().items()
        ]
        return super().get_context_data(**kwargs) | {"groups": groups}

    def row(self, selection: Selection) -> dict[str, Any]:
        formats = [{"label": writer.label, "url": selection.url(writer)} for writer in WRITERS]
        return {"name": selection.name or self.request.site.title, "page": selection.page, "formats": formats}


class OPML(View):
    """The same feeds as OPML, each in Atom."""

    def get(self, request: SiteRequest) -> HttpResponse:
        response = HttpResponse(content_type="text/x-opml; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="feeds.opml"'
        root = request.build_absolute_uri("/").rstrip("/")
        handler = LenientXMLGenerator(response, "utf-8", short_empty_elements=True)
        handler.startDocument()
        handler.startElement("opml", {"version": "2.0"})
        handler.startElement("head", {})
        handler.addQuickElement("title", request.site.title)
        handler.endElement("head")
        handler.startElement("body", {})
        for title, selections in catalogue().items():
            self.write_group(handler, title, selections, request.site, root)
        handler.endElement("body")
        handler.endElement("opml")
        return response

    def write_group(
        self,
        handler: LenientXMLGenerator,
        title: str,
        selections: list[Selection],
        site: SiteSettings,
        root: str,
    ) -> None:
        handler.startElement("outline", {"text": title})
        for selection in selections:
            name = f"{site.title}: {selection.name}" if selection.name else site.title
            urls = {"xmlUrl": root + selection.url(Atom), "htmlUrl": root + selection.page}
            handler.addQuickElement("outline", None, {"type": "rss", "text": name, "title": name, **urls})
        handler.endElement("outline")
