"""The only module that uses bleach's parser, sanitizer and serializer (its vendored copy of html5lib).

Their interfaces are undocumented. bleach is therefore capped in pyproject.toml at the versions tested, and
tests/markup/test_html5.py says which interface changed.
"""

import threading
from collections.abc import Iterator
from typing import Any, cast
from xml.etree.ElementTree import Element

from bleach import html5lib_shim
from bleach.sanitizer import BleachSanitizerFilter

from .html_scan import VOID, names

# Browsers stop at a depth of 512. Parsing time grows with the square of both the depth and the attributes.
MAX_DEPTH = 200
MAX_ATTRIBUTES = 200
KNOWN_TAGS = html5lib_shim.HTML_TAGS | names(
    "acronym applet basefont bgsound big blink center dir font frame frameset image isindex listing marquee "
    "math menuitem multicol nobr noembed noframes plaintext rb rtc search spacer strike svg tt xmp"
)
START_TAG, END_TAG = html5lib_shim.TAG_TOKEN_TYPE_START, html5lib_shim.TAG_TOKEN_TYPE_END
CHARACTERS = html5lib_shim.TAG_TOKEN_TYPE_CHARACTERS
_instances = threading.local()  # neither bleach's parser nor its serializer is thread-safe

Filter = html5lib_shim.Filter
Token = dict[str, Any]


class TooComplex(ValueError):
    """Parsing would take disproportionately long, so the source is shown as plain text instead."""


class Sanitizer(BleachSanitizerFilter):
    """bleach's sanitizer for a tree whose character references are already resolved.

    It also lets the cutoff comment through.
    """

    def sanitize_characters(self, token: Token) -> Token:
        return token

    def sanitize_token(self, token: Token) -> Token | list[Token] | None:
        if token["type"] == "Comment":
            return {"type": "Comment", "data": " cutoff "} if token["data"].strip() == "cutoff" else None
        return cast(Token | list[Token] | None, super().sanitize_token(token))


def tokens(root: Element) -> Iterator[Token]:
    """Walk a tree and yield the sanitizer's tokens. html5lib's own tree walker is slow with many siblings."""
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


def _tag(kind: str, element: Element) -> Token:
    attributes = {(None, name): value for name, value in element.attrib.items() if isinstance(name, str)}
    return {"type": kind, "name": element.tag, "namespace": None, "data": attributes}


def _characters(text: str | None) -> Iterator[Token]:
    if text:
        yield {"type": "Characters", "data": text}


class Tokenizer(html5lib_shim.BleachHTMLTokenizer):
    """bleach's tokenizer with limits on depth and attributes; `<element/>` is an empty element, as in XHTML.

    If the parser has `show_unknown_tags`, tags that HTML never had become text. An end tag is only shown
    after a start tag of that name; otherwise it is a typing error and dropped.
    """

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.shown: set[str] = set()

    def emitCurrentToken(self) -> None:
        name = self.currentToken["name"].lower()
        if self.parser.show_unknown_tags and _is_unknown(name) and self._is_shown(name):
            self.tokenQueue.append({"type": CHARACTERS, "data": self.stream.get_tag()})
            self.state = self.dataState
        else:
            super().emitCurrentToken()

    def beforeAttributeNameState(self) -> bool:
        self._count_attributes()
        return cast(bool, super().beforeAttributeNameState())

    def afterAttributeNameState(self) -> bool:
        """Count here too: after an attribute without a value, the next one begins in this state."""
        self._count_attributes()
        return cast(bool, super().afterAttributeNameState())

    def _count_attributes(self) -> None:
        if len(self.currentToken["data"]) > MAX_ATTRIBUTES:
            raise TooComplex(f"an element has more than {MAX_ATTRIBUTES} attributes")

    def _is_shown(self, name: str) -> bool:
        if self.currentToken["type"] == START_TAG:
            self.shown.add(name)
        return name in self.shown

    def __iter__(self) -> Iterator[Token]:
        tree = self.parser.tree
        for token in super().__iter__():
            if len(tree.openElements) > MAX_DEPTH or len(tree.activeFormattingElements) > MAX_DEPTH:
                raise TooComplex(f"elements are nested more than {MAX_DEPTH} deep")
            yield token
            if token.get("selfClosing") and _is_plain_html(token["name"], tree):
                yield {"type": END_TAG, "name": token["name"], "data": []}
                self.state = self.dataState


def _is_unknown(name: str) -> bool:
    """Tell whether a name is neither HTML of any age, nor a custom element (hyphen), nor XML (colon)."""
    return name not in KNOWN_TAGS and name.isalnum()


def _is_plain_html(name: str, tree: Any) -> bool:
    """Exclude void elements, and SVG and MathML, where the parser itself handles self-closing tags."""
    namespace = tree.openElements[-1].namespace if tree.openElements else None
    return namespace is None and name not in VOID and name not in ("svg", "math")


class Parser(html5lib_shim.BleachHTMLParser):
    """bleach's parser with the tokenizer above, resolving character references."""

    def __init__(self, show_unknown_tags: bool):
        super().__init__(tags=None, strip=False, consume_entities=True, namespaceHTMLElements=False)
        self.show_unknown_tags = show_unknown_tags

    def _parse(
        self,
        stream: str,
        innerHTML: bool = False,
        container: str = "div",
        scripting: bool = False,
        **options: Any,
    ) -> None:
        self.innerHTMLMode, self.container, self.scripting = innerHTML, container, scripting
        self.tokenizer = Tokenizer(stream=stream, consume_entities=True, parser=self, **options)
        self.reset()
        self.mainLoop()

    def parseError(self, *args: Any, **options: Any) -> None:
        """Don't collect parse errors: nothing reads them."""


def parser(show_unknown_tags: bool) -> Any:
    """Return this thread's parser. `parseFragment(html, scripting=False)` gives an ElementTree element."""
    name = f"parser_{show_unknown_tags}"
    if not hasattr(_instances, name):
        setattr(_instances, name, Parser(show_unknown_tags))
    return getattr(_instances, name)


def serializer() -> Any:
    """Return this thread's serializer. `render(tokens)` gives HTML."""
    if not hasattr(_instances, "serializer"):
        _instances.serializer = html5lib_shim.HTMLSerializer(
            quote_attr_values="always",
            quote_char='"',
            omit_optional_tags=False,
            escape_lt_in_attrs=True,
            escape_rcdata=True,
            resolve_entities=False,
        )
    return _instances.serializer
