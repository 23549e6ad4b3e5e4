"""Looks at HTML as a reader's browser would, with parsers and lists that `blog.markup` does not use."""

import re
from html.parser import HTMLParser

from bs4 import BeautifulSoup


def names(text):
    return frozenset(text.split())


NEVER = names(
    "applet base body button embed fieldset form frame frameset head html input link math meta noembed "
    "noframes noscript object option param plaintext script select style svg template title xmp"
)
ADDRESSES = names("action background cite data formaction href longdesc ping poster src")
FORBIDDEN = names("style srcdoc form autofocus contenteditable is target")
GOOD_SCHEMES = names(
    "http https mailto ftp tel sms xmpp irc ircs matrix magnet geo webcal feed news gopher gemini"
)
VOID = names("area base br col embed hr img input link meta param source track wbr")


def soup(html):
    return BeautifulSoup(html, "html.parser")


def one(html, selector):
    """The only element that matches."""
    found = soup(html).select(selector)
    assert len(found) == 1, f"{len(found)} elements match {selector} in {html}"
    return found[0]


def dangers(html):
    """What in this HTML could run, load or post something, as two unlike parsers see it; none is good."""
    for parser in ("html.parser", "html5lib"):
        tree = BeautifulSoup(html, parser)
        for element in (tree.body or tree).find_all(True):
            if element.name in NEVER or ":" in element.name:
                yield f"<{element.name}>"
            for name, value in element.attrs.items():
                if reason := _danger_of(name, value if isinstance(value, str) else " ".join(value)):
                    yield f"<{element.name} {name}>: {reason}"


def _danger_of(name, value):
    if name.startswith("on") or name in FORBIDDEN:
        return "must not be there"
    values = re.split(r"[\s,]+", value) if "srcset" in name else [value]
    if name in ADDRESSES or "srcset" in name or name.startswith("data-"):
        return next(filter(None, (_danger_of_address(name, url) for url in values)), "")
    return ""


def _danger_of_address(name, url):
    """The scheme, found as the URL standard says: no controls around it, no tabs or newlines inside."""
    url = re.sub(r"[\t\r\n]", "", url.strip("".join(map(chr, range(0x21)))))
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", url)
    if not scheme:
        return ""
    known = ("javascript", "vbscript", "data")
    bad = scheme[1].lower() in known if name.startswith("data-") else scheme[1].lower() not in GOOD_SCHEMES
    return f"leads to {scheme[1]}:" if bad else ""


class _Balance(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.wrong = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def is_balanced(html):
    """Whether every start tag has its end tag, in order, without any repair."""
    balance = _Balance()
    balance.feed(html)
    balance.close()
    return not balance.open and not balance.wrong
