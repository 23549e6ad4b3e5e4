"""Fetch and validate feeds. Every function fails the test if the feed is invalid."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import jsonschema
import rnc2rng
from lxml import etree

DATA = Path(__file__).parent.parent / "data"
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
}
TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
RSS_CHANNEL = {"title", "link", "description", "language", "lastBuildDate", "item"}
RSS_ITEM = {"title", "link", "description", "pubDate", "guid", "category", "enclosure"}


@cache
def schema():
    """The schema of RFC 4287, appendix B, converted to the XML form of RELAX NG, which lxml reads."""
    compact = rnc2rng.load(str(DATA / "atom.rnc"))
    return etree.RelaxNG(etree.fromstring(rnc2rng.dumps(compact).replace('xmlns:local=""', "").encode()))


@cache
def json_schema():
    return jsonschema.Draft202012Validator(json.loads((DATA / "jsonfeed.schema.json").read_text()))


def fetch_bytes(client, path, **options):
    response = client.get(path, **options)
    assert response.status_code == 200, f"{path} returned {response.status_code}"
    return response.content


def validators(response):
    """The conditional headers for the next request of a reader that got this response, alone and combined."""
    etag = {"If-None-Match": response["ETag"]}
    time = {"If-Modified-Since": response["Last-Modified"]}
    return [etag, time, etag | time]


def fetch(client, path="/atom/everything/", **options):
    """The Atom feed at the path as XML."""
    tree = etree.fromstring(fetch_bytes(client, path, **options), etree.XMLParser(huge_tree=True))
    schema().assertValid(tree)
    return tree


def fetch_rss(client, path="/rss/everything/"):
    """The RSS feed at the path as XML, checked against the specification and its profile."""
    tree = etree.fromstring(fetch_bytes(client, path), etree.XMLParser(huge_tree=True))
    check_rss(tree)
    return tree


def fetch_json(client, path="/json/everything/"):
    feed = json.loads(fetch_bytes(client, path))
    json_schema().validate(feed)
    return feed


def read(client, path="/atom/everything/"):
    """The Atom or RSS feed at the path, parsed by feedparser."""
    feed = feedparser.parse(fetch_bytes(client, path))
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def find(tree, path):
    """Evaluate an XPath with the namespaces of feeds."""
    return tree.xpath(path, namespaces=NAMES)


def in_format(path, name):
    """The path of the same feed in another format: atom, rss or json."""
    if path.endswith(".atom"):
        return f"{path.removesuffix('atom')}{name}"
    return path.replace("/atom/", f"/{name}/", 1)


def check_rss(tree):
    """Check the rules of RSS 2.0 and of the RSS Advisory Board's profile."""
    assert (tree.tag, tree.get("version")) == ("rss", "2.0")
    [channel] = tree
    check_elements(channel, RSS_CHANNEL, required={"title", "link", "description"})
    [address] = channel.xpath("atom:link[@rel='self']/@href", namespaces=NAMES)
    for url in (address, channel.findtext("link")):
        assert is_absolute(url), url
    assert format_date(channel.findtext("lastBuildDate"))
    guids = [item.findtext("guid") for item in channel.iter("item")]
    assert len(set(guids)) == len(guids)
    for item in channel.iter("item"):
        check_elements(item, RSS_ITEM, required={"link", "guid", "pubDate", "description"})
        assert is_absolute(item.findtext("link"))
        assert item.find("guid").get("isPermaLink") == "false"
        assert format_date(item.findtext("pubDate"))
        for enclosure in item.iter("enclosure"):
            assert set(enclosure.attrib) == {"url", "length", "type"}
            assert is_absolute(enclosure.get("url"))
            assert enclosure.get("length").isdecimal()


def check_elements(parent, known, required):
    """Check that all elements without a namespace are known, and that only repeatable ones are repeated."""
    names = [child.tag for child in parent if not child.tag.startswith("{")]
    assert required <= set(names) <= known
    assert all(names.count(name) == 1 for name in names if name not in {"item", "category"}), names


def is_absolute(url):
    return urlsplit(url).scheme in {"http", "https"} and bool(urlsplit(url).netloc)


def format_date(text):
    """Convert an RFC 822 date to ISO 8601."""
    return parsedate_to_datetime(text).astimezone(UTC).isoformat()


def facts(client, path):
    """The facts about each item that all three formats state, as a set for each format."""
    rss, json_feed = fetch_rss(client, in_format(path, "rss")), fetch_json(client, in_format(path, "json"))
    return {
        "atom": {atom_facts(entry) for entry in find(fetch(client, path), "//atom:entry")},
        "rss": {rss_facts(item) for item in rss.iter("item")},
        "json": {json_facts(item) for item in json_feed["items"]},
    }


def atom_facts(entry):
    [via] = find(entry, "atom:link[@rel='via']/@href") or [None]
    return (
        find(entry, "string(atom:id)"),
        find(entry, "string(atom:link[@rel='alternate']/@href)"),
        to_the_second(find(entry, "string(atom:published)")),
        find(entry, "string(atom:updated)"),
        find(entry, "string(atom:content)").strip(),
        find(entry, "string(atom:author/atom:name)"),
        frozenset(find(entry, "atom:category/@term")),
        via,
        frozenset(find(entry, "atom:link[@rel='related']/@href")),
    )


def to_the_second(text):
    return datetime.fromisoformat(text).replace(microsecond=0).isoformat()


def rss_facts(item):
    [via] = find(item, "atom:link[@rel='via']/@href") or [None]
    return (
        find(item, "string(guid)"),
        find(item, "string(link)"),
        format_date(find(item, "string(pubDate)")),
        find(item, "string(atom:updated)"),
        find(item, "string(description)").strip(),
        find(item, "string(dc:creator)"),
        frozenset(find(item, "category/text()")),
        via,
        frozenset(find(item, "atom:link[@rel='related']/@href")),
    )


def json_facts(item):
    return (
        item["id"],
        item["url"],
        to_the_second(item["date_published"]),
        item["date_modified"],
        item["content_html"].strip(),
        item["authors"][0]["name"],
        frozenset(item.get("tags", ())),
        item.get("_weblog", {}).get("via_url"),
        frozenset([item["external_url"]] if "external_url" in item else ()),
    )
