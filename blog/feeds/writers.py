"""The three formats of a feed: Atom 1.0 (RFC 4287), RSS 2.0 and JSON Feed 1.1.

Each is a Django feed generator. Beyond Django's own arguments, a feed takes `pages` (relation and URL of its
other documents), `is_archive` (RFC 5005, section 4) and `icon`. An item takes `permalink`, `related` (the URL
that it is about), `via` (the URL and title of its source), `image`, and `language` where that isn't the
feed's.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any, ClassVar

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date
from django.utils.functional import classproperty
from django.utils.xmlutils import SimplerXMLGenerator

INVALID_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2
#: The update time of a feed without posts: it is required, and has to be constant.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
HISTORY_NAMESPACE = {"xmlns:fh": "http://purl.org/syndication/history/1.0"}


def strip_invalid(text: str) -> str:
    """Remove characters that neither XML nor UTF-8 can encode. One of them would make the feed unreadable."""
    return INVALID_XML.sub("", text)


class LenientXMLGenerator(SimplerXMLGenerator):
    """Drops invalid characters, where Django's class raises, and elements without content and attributes."""

    def startElement(self, name: str, attrs: Any) -> None:
        valid: Any = {key: strip_invalid(value) for key, value in attrs.items()}
        super().startElement(name, valid)

    def characters(self, content: str) -> None:
        super().characters(strip_invalid(content))

    def addQuickElement(
        self, name: str, contents: str | None = None, attrs: dict[str, str] | None = None
    ) -> None:
        if contents is not None or attrs:
            super().addQuickElement(name, contents, attrs)


class Writer(SyndicationFeed):
    """Base class of the formats."""

    #: The format's name, the first segment of its paths, their suffix, and the prefix of their URL names.
    label: ClassVar[str]
    path: ClassVar[str]
    suffix: ClassVar[str]
    prefix: ClassVar[str]
    content_type: str
    #: True if the format requires a title even of items whose post has none.
    needs_titles = False

    @classproperty
    def media_type(cls) -> str:
        return cls.content_type.partition(";")[0]

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=NEVER)

    def add_pages(self, handler: SimplerXMLGenerator, element: str) -> None:
        for relation, url in self.feed["pages"]:
            handler.addQuickElement(element, "", {"rel": relation, "href": url})
        if self.feed["is_archive"]:
            handler.addQuickElement("fh:archive", "")

    def extra_links(self, item: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
        """Relation and attributes of the item's links, except the one to its own page."""
        related = {item["permalink"], item["related"]} - {item["link"], ""}
        yield from (("related", {"href": url}) for url in sorted(related))
        url, title = item["via"]
        if url:
            yield "via", {"href": url} | ({"title": title} if title else {})


class Atom(Writer, Atom1Feed):
    """Atom with the full text in `content`. Django's class puts it into `summary`."""

    label, path, suffix, prefix = "Atom", "atom", "atom", "feed"
    needs_titles = True

    def write(self, outfile: IO[Any], encoding: str) -> None:
        handler = LenientXMLGenerator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        handler.startElement("feed", self.root_attributes())
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("icon", self.feed["icon"])
        self.add_pages(handler, "link")

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | HISTORY_NAMESPACE

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]} if item["language"] else {}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item | {"description": None, "enclosures": []})
        for enclosure in item["enclosures"]:
            attributes = {"rel": "enclosure", "href": enclosure.url, "type": enclosure.mime_type}
            handler.addQuickElement("link", "", attributes)
        for relation, attributes in self.extra_links(item):
            handler.addQuickElement("link", "", {"rel": relation, **attributes})
        handler.addQuickElement("content", item["description"], {"type": "html"})


class RSS(Writer, Rss201rev2Feed):
    """RSS, with elements from Atom where RSS has none."""

    label, path, suffix, prefix = "RSS", "rss", "rss", "rss"
    content_type = "application/rss+xml; charset=utf-8"

    def write(self, outfile: IO[Any], encoding: str) -> None:
        handler = LenientXMLGenerator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        handler.startElement("rss", self.rss_attributes())
        handler.startElement("channel", self.root_attributes())
        self.add_root_elements(handler)
        self.write_items(handler)
        self.endChannelElement(handler)
        handler.endElement("rss")

    def rss_attributes(self) -> dict[str, str]:
        dublin_core = {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}
        return super().rss_attributes() | HISTORY_NAMESPACE | dublin_core

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        self.add_pages(handler, "atom:link")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Only the first enclosure is written: RSS readers expect no more than one."""
        super().add_item_elements(handler, item | {"enclosures": item["enclosures"][:1]})
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))
        handler.addQuickElement("dc:language", item["language"] or None)
        for relation, attributes in self.extra_links(item):
            handler.addQuickElement("atom:link", "", {"rel": relation, **attributes})


class JSONFeed(Writer):
    """JSON Feed. The via link, for which it has no field, is in the extension `_weblog`."""

    label, path, suffix, prefix = "JSON Feed", "json", "json", "json"
    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: IO[Any], encoding: str) -> None:
        text = json.dumps(self.document(), ensure_ascii=False)
        outfile.write(text.encode(encoding, "ignore"))

    def document(self) -> dict[str, Any]:
        feed = self.feed
        pages = dict(feed["pages"])
        return {"version": "https://jsonfeed.org/version/1.1"} | without_empty(
            title=strip_invalid(feed["title"]) or " ",  # required
            home_page_url=feed["link"],
            feed_url=feed["feed_url"],
            description=feed["description"],
            icon=feed["icon"],
            authors=authors(feed),
            language=feed["language"],
            next_url=pages.get("next"),
            hubs=[{"type": "WebSub", "url": pages["hub"]}] if "hub" in pages else None,
            items=[self.item(item) for item in self.items],
        )

    def item(self, item: dict[str, Any]) -> dict[str, Any]:
        via_url, via_title = item["via"]
        return without_empty(
            id=item["unique_id"],
            url=item["permalink"],
            external_url=item["related"],
            title=item["title"],
            content_html=strip_invalid(item["description"]) or " ",  # required
            image=item["image"],
            language=item["language"],
            date_published=rfc3339_date(item["pubdate"]),
            date_modified=rfc3339_date(item["updateddate"]),
            authors=authors(item),
            tags=[name for name in map(strip_invalid, item["categories"]) if name],
            attachments=[
                {"url": strip_invalid(enclosure.url), "mime_type": strip_invalid(enclosure.mime_type)}
                for enclosure in item["enclosures"]
            ],
            _weblog=without_empty(via_url=via_url, via_title=via_title),
        )


def authors(feed_or_item: dict[str, Any]) -> list[dict[str, str]]:
    name = strip_invalid(feed_or_item["author_name"])
    return [{"name": name}] if name else []


def without_empty(**fields: Any) -> dict[str, Any]:
    """The fields that have a value, with valid text. `items` is required, even if it is empty."""
    valid = {
        name: strip_invalid(value) if isinstance(value, str) else value for name, value in fields.items()
    }
    return {name: value for name, value in valid.items() if value or name == "items"}


WRITERS: tuple[type[Writer], ...] = (Atom, RSS, JSONFeed)
