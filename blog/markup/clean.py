"""HTML of any kind to HTML that is safe, balanced and free of inline styles.

Parsed once (bleach's parser, after the HTML standard), rewritten in the tree, and let through bleach's
sanitizer, which has the last word, on the way to text again.
"""

import threading
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from bleach import html5lib_shim
from bleach.sanitizer import BleachSanitizerFilter

from . import addresses, allowed
from .elements import VOID, names
from .rewrite import Page, rewrite
from .typography import typeset_tree

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


class TooComplicated(ValueError):
    """The text would take out of all proportion long: nobody meant it to be read as markup."""


def clean(
    html: str,
    iframe_hosts: frozenset[str] = frozenset(),
    *,
    typographic: bool = False,
    anchors: bool = False,
    show_unknown_tags: bool = False,
    inline: bool = False,
) -> str:
    """Return safe HTML, every element closed, attributes in double quotes, entities as characters.

    `anchors` gives headings ids and pictures captions; `show_unknown_tags` shows tags that HTML has never
    had as they were typed instead of dropping them; `inline` leaves no block elements. Raises TooComplicated.
    """
    iframe_hosts = frozenset(map(str.lower, iframe_hosts))
    tree = _parser(show_unknown_tags).parseFragment(html, scripting=False)
    rewrite(tree, Page(iframe_hosts, anchors))
    if typographic:
        typeset_tree(tree)
    tokens = Gate(
        _tokens(tree),
        allowed_tags=allowed.ELEMENTS,
        attributes=allowed.attribute_rule(iframe_hosts),
        allowed_protocols=addresses.SCHEMES,
        strip_disallowed_tags=True,
    )
    return _serializer().render(Inline(tokens) if inline else tokens)


class Gate(BleachSanitizerFilter):
    """Bleach's sanitizer on a tree whose character references are resolved; lets the cutoff marker pass."""

    def sanitize_characters(self, token):
        return token

    def sanitize_token(self, token):
        if token["type"] == "Comment":
            return {"type": "Comment", "data": " cutoff "} if token["data"].strip() == "cutoff" else None
        return super().sanitize_token(token)


class Inline(html5lib_shim.Filter):
    """Leaves phrasing content only, with a line break where a block begins or ends between two texts."""

    def __iter__(self):
        begun, broken = False, False
        for token in super().__iter__():
            if token["type"] == "Comment" or (broken and _is_blank(token)):
                continue
            if token.get("name", "br") not in allowed.PHRASING:
                broken = begun
                continue
            if broken and token["type"] != "EndTag":
                yield {"type": "EmptyTag", "name": "br", "data": {}}
                broken = False
            begun = begun or (token["type"] == "Characters" and not _is_blank(token))
            yield token


def _is_blank(token: dict) -> bool:
    return token["type"] == "Characters" and not token["data"].strip()


def _tokens(root: Element) -> Iterator[dict]:
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
            raise TooComplicated(f"an element has more than {MOST_ATTRIBUTES} attributes")
        return super().beforeAttributeNameState()

    def _is_shown(self, name: str) -> bool:
        if self.currentToken["type"] == _START:
            self.shown.add(name)
        return name in self.shown

    def __iter__(self):
        tree = self.parser.tree
        for token in super().__iter__():
            if len(tree.openElements) > DEEPEST or len(tree.activeFormattingElements) > DEEPEST:
                raise TooComplicated(f"elements are nested more than {DEEPEST} deep")
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


def _parser(show_unknown_tags: bool) -> _Parser:
    name = f"parser_{show_unknown_tags}"
    if not hasattr(_cache, name):
        setattr(_cache, name, _Parser(show_unknown_tags))
    return getattr(_cache, name)


def _serializer() -> html5lib_shim.HTMLSerializer:
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
