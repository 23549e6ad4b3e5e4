"""What feeds there are: a page that says so, and the same for feed readers to import (OPML 2.0)."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from blog.models import Post, Series, Tag

from .selections import AllButKindSelection, EverythingSelection, KindSelection, SeriesSelection, TagSelection
from .writers import WRITERS, Atom, LenientXMLGenerator

MOST_TAGS = 50
MOST_SERIES = 100


def catalogue():
    """Title and selections of each group. Two queries."""
    kinds = Post.kinds().values()
    tags = Tag.objects.public().order_by("-uses", "name").defer("description", "description_html")
    series = Series.objects.public().order_by("-created", "-pk")
    groups = {
        _("Everything"): [EverythingSelection()],
        _("One kind"): map(KindSelection, kinds),
        _("Everything but one kind"): map(AllButKindSelection, kinds),
        _("Series"): map(SeriesSelection, series[:MOST_SERIES]),
        _("Tags"): (TagSelection([tag]) for tag in tags[:MOST_TAGS]),
    }
    return {title: found for title, selections in groups.items() if (found := list(selections))}


class FeedIndex(TemplateView):
    template_name = "blog/feeds.html"

    def get_context_data(self, **kwargs):
        groups = [
            {"title": title, "feeds": [self.row(selection) for selection in selections]}
            for title, selections in catalogue().items()
        ]
        return super().get_context_data(**kwargs) | {"groups": groups, "most_tags": MOST_TAGS}

    def row(self, selection):
        formats = [{"label": writer.label, "url": selection.url(writer)} for writer in WRITERS]
        return {"name": selection.name or self.request.site.title, "page": selection.page, "formats": formats}

    @staticmethod
    def surrogate_keys(request, kwargs, context):
        return ["feeds"]


class OPML(View):
    """Every feed of that page, in the format that says the most."""

    def get(self, request):
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
            self.write(handler, title, selections, request.site, root)
        handler.endElement("body")
        handler.endElement("opml")
        return response

    def write(self, handler, title, selections, site, root):
        handler.startElement("outline", {"text": title})
        for selection in selections:
            name = f"{site.title}: {selection.name}" if selection.name else site.title
            addresses = {"xmlUrl": root + selection.url(Atom), "htmlUrl": root + selection.page}
            handler.addQuickElement(
                "outline", None, {"type": "rss", "text": name, "title": name, **addresses}
            )
        handler.endElement("outline")

    @staticmethod
    def surrogate_keys(request, kwargs, context):
        return ["feeds"]
