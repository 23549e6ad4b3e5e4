"""The parser, sanitizer and serializer that bleach brings (its copy of html5lib): the only module that
touches them.

Their interfaces are undocumented, so bleach is capped in pyproject.toml to the versions this was tested with,
and tests/markup/test_html5.py says which of them changed.
"""

import threading
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from bleach import html5lib_shim
from bleach.sanitizer import BleachSanitizerFilter

from .html_scan import VOID, names

# Browsers stop at a depth of 512. The time a parser takes grows with the square of both.
DEEPEST = 200
MOST_ATTRIBUTES = 200
KNOWN_TAGS = html5lib_shim.HTML_TAGS | names(
    "acronym applet basefont bgsound big blink center dir font frame frameset image isindex listing marquee "
    "math menuitem multicol nobr noembed noframes plaintext rb rtc search spacer strike svg tt xmp"
)
_START, _END = html5lib_shim.TAG_TOKEN_TYPE_START, html5lib_shim.TAG_TOKEN_TYPE_END
_TEXT = html5lib_shim.TAG_TOKEN_TYPE_CHARACTERS
_cache = threading.local()  # neither bleach's parser nor its serializer is thread-safe
Filter = html5lib_shim.Filter


class TooComplex(ValueError):
    """The text would take out of all proportion long: nobody meant it to be read as markup."""


class Gate(BleachSanitizerFilter):
    """Bleach's sanitizer on a tree whose character references are resolved; lets the cutoff marker pass."""

    def sanitize_characters(self, token):
        return token

    def sanitize_token(self, token):
        if token["type"] == "Comment":
            return {"type": "Comment", "data": " cutoff "} if token["data"].strip() == "cutoff" else None
        return super().sanitize_token(token)


def tokens(root: Element) -> Iterator[dict]:
    """Yield the tree as the sanitizer wants it. html5lib's own walker slows down with many siblings."""
    stack = [(root, iter(root))]
    yield from _characters(root.text)
    while stack:
        parent, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if stack:
                yield {"type": "EndTag", "name": parent.tag, "namespace": None}
                yield from _characters(parent.tail)
        elif callable(child.tag):
            yield {"type": "Comment", "data": child.text or ""}
            yield from _characters(child.tail)
        elif child.tag in VOID:
            yield _tag("EmptyTag", child)
            yield from _characters(child.tail)
        else:
            yield _tag("StartTag", child)
            yield from _characters(child.text)
            stack.append((child, iter(child)))


def _tag(kind: str, element: Element) -> dict:
    attributes = {(None, name): value for name, value in element.attrib.items() if isinstance(name, str)}
    return {"type": kind, "name": element.tag, "namespace": None, "data": attributes}


def _characters(text: str | None) -> Iterator[dict]:
    if text:
        yield {"type": "Characters", "data": text}


class _Tokenizer(html5lib_shim.BleachHTMLTokenizer):
    """Refuses what is out of proportion, and takes `<element/>` for an empty element as XHTML does.

    If the parser says so, a tag that HTML has never had is the text that it looks like; but an end tag
    without its start is a typing error.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.shown: set[str] = set()

    def emitCurrentToken(self):
        name = self.currentToken["name"].lower()
        if self.parser.show_unknown_tags and _is_unknown(name) and self._is_shown(name):
            self.tokenQueue.append({"type": _TEXT, "data": self.stream.get_tag()})
            self.state = self.dataState
        else:
            super().emitCurrentToken()

    def beforeAttributeNameState(self):
        if len(self.currentToken["data"]) > MOST_ATTRIBUTES:
            raise TooComplex(f"an element has more than {MOST_ATTRIBUTES} attributes")
        return super().beforeAttributeNameState()

    def _is_shown(self, name: str) -> bool:
        if self.currentToken["type"] == _START:
            self.shown.add(name)
        return name in self.shown

    def __iter__(self):
        tree = self.parser.tree
        for token in super().__iter__():
            if len(tree.openElements) > DEEPEST or len(tree.activeFormattingElements) > DEEPEST:
                raise TooComplex(f"elements are nested more than {DEEPEST} deep")
            yield token
            if token.get("selfClosing") and _is_plain_html(token["name"], tree):
                yield {"type": _END, "name": token["name"], "data": []}
                self.state = self.dataState


def _is_unknown(name: str) -> bool:
    """Neither HTML of any age nor a custom element (with a hyphen) nor XML (with a colon)."""
    return name not in KNOWN_TAGS and name.isalnum()


def _is_plain_html(name: str, tree) -> bool:
    """Not void, and neither in nor the root of SVG or MathML, where the parser itself does it right."""
    inside = tree.openElements[-1].namespace if tree.openElements else None
    return inside is None and name not in VOID and name not in ("svg", "math")


class _Parser(html5lib_shim.BleachHTMLParser):
    """Bleach's parser with the tokenizer above; it resolves character references."""

    def __init__(self, show_unknown_tags: bool):
        super().__init__(tags=None, strip=False, consume_entities=True, namespaceHTMLElements=False)
        self.show_unknown_tags = show_unknown_tags

    def _parse(self, stream, innerHTML=False, container="div", scripting=False, **kwargs):
        self.innerHTMLMode, self.container, self.scripting = innerHTML, container, scripting
        self.tokenizer = _Tokenizer(stream=stream, consume_entities=True, parser=self, **kwargs)
        self.reset()
        self.mainLoop()

    def parseError(self, *args, **kwargs):
        """Nobody asks for the list of errors."""


def parser(show_unknown_tags: bool) -> _Parser:
    name = f"parser_{show_unknown_tags}"
    if not hasattr(_cache, name):
        setattr(_cache, name, _Parser(show_unknown_tags))
    return getattr(_cache, name)


def serializer() -> html5lib_shim.HTMLSerializer:
    if not hasattr(_cache, "serializer"):
        _cache.serializer = html5lib_shim.HTMLSerializer(
            quote_attr_values="always",
            quote_char='"',
            omit_optional_tags=False,
            escape_lt_in_attrs=True,
            escape_rcdata=True,
            resolve_entities=False,
        )
    return _cache.serializer
