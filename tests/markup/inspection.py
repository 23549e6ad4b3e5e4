"""Inspect HTML as a browser would, with parsers and lists independent of `blog.markup`."""

import re
from html.parser import HTMLParser

from bs4 import BeautifulSoup


def names(text):
    return frozenset(text.split())


FORBIDDEN_ELEMENTS = names(
    "applet base body button embed fieldset form frame frameset head html input link math meta noembed "
    "noframes noscript object option param plaintext script select style svg template title xmp"
)
URL_ATTRIBUTES = names("action background cite data formaction href longdesc ping poster src")
FORBIDDEN_ATTRIBUTES = names("style srcdoc form autofocus contenteditable is target")
SAFE_SCHEMES = names(
    "http https mailto ftp tel sms xmpp irc ircs matrix magnet geo webcal feed news gopher gemini"
)
VOID = names("area base br col embed hr img input link meta param source track wbr")


def soup(html):
    return BeautifulSoup(html, "html.parser")


def one(html, selector):
    """Return the only element that matches."""
    found = soup(html).select(selector)
    assert len(found) == 1, f"{len(found)} elements match {selector} in {html}"
    return found[0]


def dangers(html):
    """Yield whatever in this HTML could run, load or post something, according to two different parsers."""
    for parser in ("html.parser", "html5lib"):
        tree = BeautifulSoup(html, parser)
        for element in (tree.body or tree).find_all(True):
            if element.name in FORBIDDEN_ELEMENTS or ":" in element.name:
                yield f"<{element.name}>"
            for name, value in element.attrs.items():
                if reason := _danger_of_attribute(name, value if isinstance(value, str) else " ".join(value)):
                    yield f"<{element.name} {name}>: {reason}"


def _danger_of_attribute(name, value):
    if name.startswith("on") or name in FORBIDDEN_ATTRIBUTES:
        return "is forbidden"
    values = re.split(r"[\s,]+", value) if "srcset" in name else [value]
    if name in URL_ATTRIBUTES or "srcset" in name or name.startswith("data-"):
        return next(filter(None, (_danger_of_url(name, url) for url in values)), "")
    return ""


def _danger_of_url(name, url):
    """Check the scheme as the URL standard finds it: trimmed of controls, without tabs and newlines."""
    url = re.sub(r"[\t\r\n]", "", url.strip("".join(map(chr, range(0x21)))))
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", url)
    if not scheme:
        return ""
    scripts = ("javascript", "vbscript", "data")
    bad = scheme[1].lower() in scripts if name.startswith("data-") else scheme[1].lower() not in SAFE_SCHEMES
    return f"has the scheme {scheme[1]}:" if bad else ""


class _Balance(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.unmatched = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.unmatched.append(tag)


def is_balanced(html):
    """Tell whether every start tag has its end tag, in order, without any repair."""
    balance = _Balance()
    balance.feed(html)
    balance.close()
    return not balance.open and not balance.unmatched
