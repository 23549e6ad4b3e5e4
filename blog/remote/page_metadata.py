"""What a page says of itself in its HTML: title, author, address, description, name of the site."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

import webencodings
from lxml import html

from .web_urls import split

HTML_TYPES = {"", "text/html", "application/xhtml+xml"}
#: Where HTML may say its encoding (HTML, section 13.2.3.2), and how far from the start.
META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([-\w.:]{1,40})", re.I)
PRESCAN = 4096
MAX_LENGTHS = {"title": 500, "author": 200, "description": 500, "site": 200, "canonical": 2000}

#: In the order in which they are believed.
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
    def from_response(cls, answer):
        """What an answer of `blog.remote.fetching` says. What is not HTML, or says nothing, has no facts."""
        media_type, _, parameters = answer.content_type.partition(";")
        if media_type.strip().lower() not in HTML_TYPES:
            return cls()
        tree = parse(decode(answer.content, parameters))
        return cls() if tree is None else cls.from_tree(tree, answer.url)

    @classmethod
    def from_tree(cls, tree, url):
        metas = meta_elements(tree)
        authors = [name for name in texts(metas, AUTHORS) if not split(name)]
        found = {
            "title": first([*texts(metas, TITLES), *map(words, tree.xpath("(//title)[1]/text()"))]),
            "author": first([*authors, *(words(a.text_content()) for a in tree.xpath("//a[@rel='author']"))]),
            "canonical": canonical(tree, url),
            "description": first(texts(metas, DESCRIPTIONS)),
            "site": first(texts(metas, SITES)),
        }
        return cls(**{name: value[: MAX_LENGTHS[name]] for name, value in found.items()})


def decode(content, parameters=""):
    """The text, by the encoding that the bytes, the header or the HTML name; else UTF-8, or Windows-1252."""
    named = re.search(r"charset\s*=\s*[\"']?([-\w.:]+)", parameters, re.I)
    meta = META_CHARSET.search(content[:PRESCAN])
    # What can be read as ASCII is not UTF-16, whatever it says.
    label = re.sub(r"(?i)^utf-16.*", "utf-8", meta[1].decode()) if meta else ""
    named = filter(None, map(webencodings.lookup, [named[1] if named else "", label]))
    default = webencodings.lookup("utf-8" if is_utf8(content) else "windows-1252")
    return webencodings.decode(content, next(named, default))[0]


def is_utf8(content):
    """Whether it is, but for a character that the end may have cut."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.start > len(content) - 4
    return True


def parse(text):
    """The tree, or None where there is none. The bytes are ours: what the page says of them is done with."""
    parser = html.HTMLParser(encoding="utf-8")
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except html.etree.ParserError:
        return None


def meta_elements(tree):
    """{name or property: content}, the first of each."""
    metas = {}
    for meta in tree.iter("meta"):
        for name in (meta.get("property"), meta.get("name")):
            if name and words(meta.get("content")):
                metas.setdefault(name.strip().lower(), words(meta.get("content")))
    return metas


def canonical(tree, url):
    """The address that the page says is its own. One of a home page, on any other page, is a mistake."""
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


def texts(metas, names):
    return [metas[name] for name in names if name in metas]


def first(values):
    return next(filter(None, values), "")


def words(text):
    return " ".join((text or "").split())
