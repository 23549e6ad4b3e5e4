"""The metadata in a page's HTML: title, author, canonical URL, description, site name."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

import webencodings
from lxml import html

from .web_urls import split

HTML_TYPES = {"", "text/html", "application/xhtml+xml"}
# HTML may declare its encoding in its first bytes (HTML, section 13.2.3.2).
META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([-\w.:]{1,40})", re.I)
PRESCAN_BYTES = 4096
MAX_LENGTHS = {"title": 500, "author": 200, "description": 500, "site": 200, "canonical": 2000}

# Names of meta elements, in order of preference.
TITLES = ("og:title", "twitter:title")
AUTHORS = ("author", "article:author", "dc.creator", "parsely-author")
DESCRIPTIONS = ("og:description", "description", "twitter:description")
SITES = ("og:site_name", "application-name")


@dataclass(frozen=True)
class PageMetadata:
    title: str = ""
    author: str = ""
    canonical: str = ""
    description: str = ""
    site: str = ""

    @classmethod
    def from_response(cls, response):
        """Extract the metadata of a `fetching.Response`. Fields that the page lacks are ""."""
        media_type, _, parameters = response.content_type.partition(";")
        if media_type.strip().lower() not in HTML_TYPES:
            return cls()
        tree = parse(decode(response.content, parameters))
        return cls() if tree is None else cls.from_tree(tree, response.url)

    @classmethod
    def from_tree(cls, tree, url):
        metas = meta_elements(tree)
        authors = [name for name in contents(metas, AUTHORS) if not split(name)]
        found = {
            "title": first([*contents(metas, TITLES), *map(collapse, tree.xpath("(//title)[1]/text()"))]),
            "author": first(
                [*authors, *(collapse(a.text_content()) for a in tree.xpath("//a[@rel='author']"))]
            ),
            "canonical": canonical(tree, url),
            "description": first(contents(metas, DESCRIPTIONS)),
            "site": first(contents(metas, SITES)),
        }
        return cls(**{name: value[: MAX_LENGTHS[name]] for name, value in found.items()})


def decode(content, parameters=""):
    """Decode by byte order mark, header or meta element; otherwise as UTF-8, or Windows-1252 if invalid."""
    header = re.search(r"charset\s*=\s*[\"']?([-\w.:]+)", parameters, re.I)
    meta = META_CHARSET.search(content[:PRESCAN_BYTES])
    # A meta element that is readable as ASCII can't be in UTF-16, whatever it declares.
    label = re.sub(r"(?i)^utf-16.*", "utf-8", meta[1].decode()) if meta else ""
    declared = filter(None, map(webencodings.lookup, [header[1] if header else "", label]))
    default = webencodings.lookup("utf-8" if is_utf8(content) else "windows-1252")
    return webencodings.decode(content, next(declared, default))[0]


def is_utf8(content):
    """Tell whether bytes are valid UTF-8, apart from a character cut off at the end."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.start > len(content) - 4
    return True


def parse(text):
    """Parse HTML; None if it is empty. Encodes the text anew, so the declared encoding no longer applies."""
    parser = html.HTMLParser(encoding="utf-8")
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except html.etree.ParserError:
        return None


def meta_elements(tree):
    """Return {name or property: content}; the first meta element of each name wins."""
    metas = {}
    for meta in tree.iter("meta"):
        for name in (meta.get("property"), meta.get("name")):
            if name and collapse(meta.get("content")):
                metas.setdefault(name.strip().lower(), collapse(meta.get("content")))
    return metas


def canonical(tree, url):
    """Return the canonical URL. A home page's URL on any other page is a mistake, and ignored."""
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            try:
                address = urljoin(url, (link.get("href") or "").strip())
            except ValueError:
                continue
            parts, here = split(address), split(url)
            if parts and (parts.path.strip("/") or not here.path.strip("/")):
                return address
    return ""


def contents(metas, names):
    return [metas[name] for name in names if name in metas]


def first(values):
    return next(filter(None, values), "")


def collapse(text):
    return " ".join((text or "").split())
