"""The three formats of a feed: Atom 1.0 (RFC 4287), RSS 2.0 and JSON Feed 1.1.

Each is a generator of Django's, given the same facts about feed and items. Beyond what Django knows of,
these are, for a feed, `pages` (relation and address of its other documents), `is_archive` (RFC 5005, 4) and
`icon`; for an item,
`permalink`, `related` (the address that it is about), `via` (where that was found; address and title),
`image` and `language`, where that is not the feed's.
"""

import json
import re
from datetime import UTC, datetime

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date
from django.utils.functional import classproperty
from django.utils.xmlutils import SimplerXMLGenerator

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
#: When a feed without posts was last updated: it has to say something, and always the same.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
HISTORY = {"xmlns:fh": "http://purl.org/syndication/history/1.0"}


def fit(text):
    """The text without what XML cannot hold, nor UTF-8: one odd character would end the feed."""
    return NOT_XML.sub("", text)


class LenientXMLGenerator(SimplerXMLGenerator):
    """Leaves out what XML cannot hold, where Django's refuses; and elements that would say nothing."""

    def startElement(self, name, attrs):
        super().startElement(name, {key: fit(value) for key, value in attrs.items()})

    def characters(self, content):
        super().characters(fit(content))

    def addQuickElement(self, name, contents=None, attrs=None):
        if contents is not None or attrs:
            super().addQuickElement(name, contents, attrs)


class Writer(SyndicationFeed):
    """What the formats share."""

    #: What the format is called, what its addresses begin and end with, and what their names begin with.
    label = path = suffix = prefix = None
    #: Whether an item has to have a title, even where the post has none.
    needs_titles = False

    @classproperty
    def media_type(cls):
        return cls.content_type.partition(";")[0]

    def latest_post_date(self):
        return max((item["updateddate"] for item in self.items), default=NEVER)

    def add_pages(self, handler, element):
        for relation, address in self.feed["pages"]:
            handler.addQuickElement(element, "", {"rel": relation, "href": address})
        if self.feed["is_archive"]:
            handler.addQuickElement("fh:archive", "")

    def about(self, item):
        """Relation and attributes of the links that an item has beside its own."""
        related = {item["permalink"], item["related"]} - {item["link"], ""}
        yield from (("related", {"href": address}) for address in sorted(related))
        address, title = item["via"]
        if address:
            yield "via", {"href": address} | ({"title": title} if title else {})


class Atom(Writer, Atom1Feed):
    """Atom with the whole text as `content`; Django's puts it into `summary`."""

    label, path, suffix, prefix = "Atom", "atom", "atom", "feed"
    needs_titles = True

    def write(self, outfile, encoding):
        handler = LenientXMLGenerator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        handler.startElement("feed", self.root_attributes())
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        handler.addQuickElement("icon", self.feed["icon"])
        self.add_pages(handler, "link")

    def root_attributes(self):
        return super().root_attributes() | HISTORY

    def item_attributes(self, item):
        return {"xml:lang": item["language"]} if item["language"] else {}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item | {"description": None, "enclosures": []})
        for sound in item["enclosures"]:
            attributes = {"rel": "enclosure", "href": sound.url, "type": sound.mime_type}
            handler.addQuickElement("link", "", attributes)
        for relation, attributes in self.about(item):
            handler.addQuickElement("link", "", {"rel": relation, **attributes})
        handler.addQuickElement("content", item["description"], {"type": "html"})


class RSS(Writer, Rss201rev2Feed):
    """RSS, with elements of Atom for what it has none for itself."""

    label, path, suffix, prefix = "RSS", "rss", "rss", "rss"
    content_type = "application/rss+xml; charset=utf-8"

    def write(self, outfile, encoding):
        handler = LenientXMLGenerator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        handler.startElement("rss", self.rss_attributes())
        handler.startElement("channel", self.root_attributes())
        self.add_root_elements(handler)
        self.write_items(handler)
        self.endChannelElement(handler)
        handler.endElement("rss")

    def rss_attributes(self):
        return super().rss_attributes() | HISTORY | {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        self.add_pages(handler, "atom:link")

    def add_item_elements(self, handler, item):
        """Of several enclosures the first: readers of this format know but one."""
        super().add_item_elements(handler, item | {"enclosures": item["enclosures"][:1]})
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))
        handler.addQuickElement("dc:language", item["language"] or None)
        for relation, attributes in self.about(item):
            handler.addQuickElement("atom:link", "", {"rel": relation, **attributes})


class JSONFeed(Writer):
    """JSON Feed. What it has no name for is in `_weblog`, as its section on extensions has it."""

    label, path, suffix, prefix = "JSON Feed", "json", "json", "json"
    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile, encoding):
        text = json.dumps(self.document(), ensure_ascii=False)
        outfile.write(text.encode(encoding, "ignore"))

    def document(self):
        feed = self.feed
        pages = dict(feed["pages"])
        return {"version": "https://jsonfeed.org/version/1.1"} | told(
            title=fit(feed["title"]) or " ",  # it has to have one
            home_page_url=feed["link"],
            feed_url=feed["feed_url"],
            description=feed["description"],
            icon=feed["icon"],
            authors=author(feed),
            language=feed["language"],
            next_url=pages.get("next"),
            hubs=[{"type": "WebSub", "url": pages["hub"]}] if "hub" in pages else None,
            items=[self.item(item) for item in self.items],
        )

    def item(self, item):
        address, title = item["via"]
        return told(
            id=item["unique_id"],
            url=item["permalink"],
            external_url=item["related"],
            title=item["title"],
            content_html=fit(item["description"]) or " ",  # an item has to have a text
            image=item["image"],
            language=item["language"],
            date_published=rfc3339_date(item["pubdate"]),
            date_modified=rfc3339_date(item["updateddate"]),
            authors=author(item),
            tags=[name for name in map(fit, item["categories"]) if name],
            attachments=[
                {"url": fit(sound.url), "mime_type": fit(sound.mime_type)} for sound in item["enclosures"]
            ],
            _weblog=told(via_url=address, via_title=title),
        )


def author(facts):
    name = fit(facts["author_name"])
    return [{"name": name}] if name else []


def told(**facts):
    """Those that say something."""
    fitting = {name: fit(value) if isinstance(value, str) else value for name, value in facts.items()}
    return {name: value for name, value in fitting.items() if value or name == "items"}


WRITERS = (Atom, RSS, JSONFeed)
