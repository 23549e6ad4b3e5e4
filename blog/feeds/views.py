"""Feed responses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid5

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.encoding import iri_to_uri
from django.utils.feedgenerator import Enclosure
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _

from blog import markup
from blog.middleware import SiteRequest
from blog.models import Post
from blog.models.authors import author_name
from blog.paths import redirect_permanently
from blog.timeline.page_sizes import ARCHIVE_SIZE, FEED_SIZE

from . import history
from .selections import MonthSelection, Selection
from .writers import Writer

#: Seconds for which readers and shared caches may reuse a feed without revalidating it.
MAX_AGE = 60
#: The same for archive documents, which change only when an old post does.
ARCHIVE_MAX_AGE = 3600
#: Characters of HTML. A longer post is replaced by its first words and a link, to keep polls small.
MAX_ITEM_LENGTH = 1_000_000


class Document:
    """One document of a feed, for one request."""

    def __init__(self, request: SiteRequest, selection: Selection, writer: type[Writer]) -> None:
        self.site = request.site
        self.selection = selection
        self.writer = writer
        self.root = request.build_absolute_uri("/").rstrip("/")
        self.cursor = request.GET.get("before")
        size = ARCHIVE_SIZE if selection.is_archive else FEED_SIZE
        posts = list(selection.newest(size + 1, history.parse_cursor(self.cursor)))
        self.posts: list[Post] = posts[:size]
        self.following: Post | None = next(iter(posts[size:]), None)

    @property
    def title(self) -> str:
        name = self.selection.name
        return f"{self.site.title}: {name}" if name else self.site.title

    @property
    def path(self) -> str:
        return history.url_at(self.selection.url(self.writer), self.cursor)

    @property
    def hub(self) -> str:
        """The URL of the WebSub hub (WebSub, section 4); empty for feeds of which no hub is pinged."""
        return settings.WEBSUB_HUB if self.selection.is_pinged and not self.cursor else ""

    @cached_property
    def links(self) -> list[tuple[str, str]]:
        """Relation and URL of the hub and of the feed's other documents."""
        pages = [(relation, iri_to_uri(self.root + path)) for relation, path in self.pages()]
        return [("hub", self.hub), *pages] if self.hub else pages

    @property
    def link_header(self) -> str:
        """The Link header: hub and topic for WebSub subscribers, and the next document."""
        own = [("self", iri_to_uri(self.root + self.path))] if self.hub else []
        links = own + [link for link in self.links if link[0] in {"hub", "next"}]
        return ", ".join(f'<{url}>; rel="{relation}"' for relation, url in links)

    @property
    def cache_control(self) -> str:
        """Includes `s-maxage=0` if there is a hub, so that it never gets a stale copy right after a ping."""
        max_age = ARCHIVE_MAX_AGE if self.selection.is_archive else MAX_AGE
        return f"public, max-age={max_age}" + (", s-maxage=0" if self.hub else "")

    def pages(self) -> Iterator[tuple[str, str]]:
        """Relation and path of the feed's other documents (RFC 5005, sections 3 and 4)."""
        if isinstance(self.selection, MonthSelection):
            yield "current", self.selection.feed.url(self.writer)
            yield from self.next_archive(self.selection.day)
        else:
            yield "first", self.selection.url(self.writer)
            if self.following:
                yield "next", self.url_after_last_post(self.selection)
        if self.selection.has_archive and (previous := self.previous_archive()):
            yield "prev-archive", previous

    def next_archive(self, month: date) -> Iterator[tuple[str, str]]:
        cursor = history.parse_cursor(self.cursor)
        if found := history.next_archive_document(month, cursor, ARCHIVE_SIZE):
            month, start = found
            yield "next-archive", history.url_at(MonthSelection(month).url(self.writer), start)

    def previous_archive(self) -> str | None:
        """The path of the archive document that continues where this document ends, or None."""
        following = self.following
        if isinstance(self.selection, MonthSelection) and not following:
            following = history.last_post_before(self.selection.day)
        if not following:
            return None
        month = history.month_of(following)
        if history.month_of(self.posts[-1]) == month:
            return self.url_after_last_post(MonthSelection(month))
        return MonthSelection(month).url(self.writer)

    def url_after_last_post(self, selection: Selection) -> str:
        return history.url_at(selection.url(self.writer), history.cursor_after(self.posts[-1]))

    def absolute(self, path: str) -> str:
        return self.root + path if path.startswith("/") else path


@dataclass
class Item:
    """A post with its document, since Django's item methods take only one argument."""

    post: Post
    document: Document

    @property
    def permalink(self) -> str:
        return self.document.root + self.post.get_absolute_url()


if TYPE_CHECKING:
    BaseFeed = Feed[Item, Document]
else:
    BaseFeed = Feed


class PostFeed(BaseFeed):
    """The feed of a selection's posts in the writer's format."""

    def __init__(self, selection: type[Selection], writer: type[Writer], **kwargs: Any) -> None:
        self.selection = selection
        self.feed_type = self.writer = writer
        self.kwargs = kwargs

    def __call__(self, request: SiteRequest, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        selection = self.selection.from_request(request, **self.kwargs, **kwargs)
        if not selection.is_canonical:
            return redirect_permanently(request, selection.url(self.writer))
        document = Document(request, selection, self.writer)
        if not document.posts and not (selection.may_be_empty and document.cursor is None):
            raise Http404("The feed has no posts.")
        feed = self.get_feed(document, request)
        response = HttpResponse(
            content_type=self.writer.content_type, headers={"Cache-Control": document.cache_control}
        )
        feed.write(response, "utf-8")
        if document.link_header:
            response["Link"] = document.link_header
        return response

    def title(self, document: Document) -> str:
        return document.title

    def subtitle(self, document: Document) -> str | None:
        return document.site.tagline or None

    def description(self, document: Document) -> str:
        """RSS requires one."""
        return document.site.tagline or document.title

    def link(self, document: Document) -> str:
        return document.root + document.selection.page

    def feed_url(self, document: Document) -> str:
        return document.root + document.path

    def feed_guid(self, document: Document) -> str:
        """Derived from the path, which never changes. All documents of a feed share it."""
        return uuid5(document.site.uuid, document.selection.feed.url(self.writer)).urn

    def author_name(self, document: Document) -> str:
        return document.site.author_name

    def feed_extra_kwargs(self, document: Document) -> dict[str, Any]:
        return {
            "pages": document.links,
            "icon": document.absolute(static("icon-512.png")),
            "is_archive": document.selection.is_archive,
        }

    def items(self, document: Document) -> list[Item]:
        return [Item(post, document) for post in document.posts]

    def item_title(self, item: Item) -> str | None:  # type: ignore[override] # None omits the element
        """None for a post without a title, if the format allows that."""
        return item.post.page_title() if self.writer.needs_titles else item.post.explicit_title() or None

    def item_description(self, item: Item) -> str:
        post = item.post
        if len(post.html) > MAX_ITEM_LENGTH:
            beginning = '<p>{}</p><p><a href="{}">{}</a></p>'
            return format_html(beginning, post.description, item.permalink, _("Read it all"))
        context = {"post": post, "mode": "feed", "site": item.document.site}
        html = render_to_string(post.template, context).strip()
        html = markup.absolute_urls(markup.for_feed(html), item.permalink)
        if self.item_link(item) == item.permalink:
            return html
        return html + format_html('<p><a href="{}">{}</a></p>', item.permalink, _("Permalink"))

    def item_link(self, item: Item) -> str:
        """The permalink; for a link post the linked page, if the site settings say so."""
        links_out = item.post.links_out and item.document.site.feeds_link_out
        return item.post.target() or item.permalink if links_out else item.permalink

    def item_guid(self, item: Item) -> str:
        return item.post.uuid.urn

    item_guid_is_permalink = False

    def item_pubdate(self, item: Item) -> datetime:
        return history.published_at(item.post)

    def item_updateddate(self, item: Item) -> datetime | None:
        return item.post.updated

    def item_author_name(self, item: Item) -> str:
        return author_name(item.post, item.document.site)

    def item_categories(self, item: Item) -> list[str]:
        return [tag.name for tag in item.post.shown_tags]

    def item_enclosures(self, item: Item) -> list[Enclosure]:
        """The post's sound files. Their length is unknown, which RSS expresses as 0."""
        sounds = markup.audio_sources(markup.absolute_urls(item.post.html, item.permalink))
        return [Enclosure(iri_to_uri(url), "0", media_type) for url, media_type in sounds]

    def item_extra_kwargs(self, item: Item) -> dict[str, Any]:
        """URLs are encoded, because imported ones may contain spaces and non-ASCII letters."""
        post = item.post
        return {
            "permalink": iri_to_uri(item.permalink),
            "related": iri_to_uri(post.target()),
            "via": (iri_to_uri(post.get_via_url()), post.get_via_title()),
            "image": iri_to_uri(post.card_image),
            "language": post.language,
        }
