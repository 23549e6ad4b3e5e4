"""Curly quotes, apostrophes and dashes, for plain text and for the text of an HTML tree.

The cases within one line (a title, a paragraph):

- text between backticks, tags, URLs, and runs of the same straight quote are left alone;
- a hyphen between spaces becomes a closed-up em dash; between two numbers it becomes a spaced en dash, which
  reads well both as a range and as a minus sign; two hyphens between two words become an em dash;
- a double quote opens after a space or an opening bracket and closes anywhere else, except that after a
  digit, with no quotation open, it means inches and stays;
- a single quote is an apostrophe between letters, before a year (’90s) and in elided words (’tis);
  otherwise it opens like a double quote, provided that a later one in the line closes it.

Curly quotes are left alone, so that typesetting twice changes nothing.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from .html_scan import INLINE, LITERAL

# SEAM separates the texts that are typeset as one line; strip_controls() removes it from sources. OBJECT
# stands for an inline element whose text is left alone; it is never written back.
SEAM, OBJECT = "\uffff", "\ufffc"

_VERBATIM = (
    r"`[^`]+`|<[a-zA-Z/!?][^<>]*>"
    r"|https?://[^\s<>\"“”—–\uffff]*[^\s<>\"“”—–\uffff'‘’.,;:!?)\]]"
)
_AFTER_TEXT = r"(?:(?<=[^\s\uffff])|(?<=[^\s\uffff]\uffff))"
_DASHES = re.compile(
    rf"{_VERBATIM}"
    r"|(?P<range>(?:(?<=\d)|(?<=\d\uffff))[ ]-[ ](?=\uffff?\d))"
    rf"|(?P<spaced>{_AFTER_TEXT}[ \t]+-{{1,3}}[ \t]+(?=\S))"
    r"|(?P<joined>(?<![^\s(\"'“‘\uffff])(?!xn--)[^\W\d_]{2,}--[^\W\d_]{2,}(?![^\s,.;:!?)\"'”’\uffff]))"
)
_QUOTES = re.compile(rf"{_VERBATIM}|\"{{2,}}|'{{2,}}|(?P<quote>[\"'“”‘’])")
_HAS_STRAIGHT = re.compile("[\"'-]")
_LAST_CLOSING = re.compile(r".*[^\s\uffff]['’](?!\w)", re.DOTALL)
_ELIDED = re.compile(
    r"\d\d(?:s\b|(?!\d))|(?:bout|cause|cos|cuz|em|n|nuff|round|til|till|tis|twas|twere)\b", re.I
)
_Slot = tuple[Element, str]  # an element, and "text", "tail" or OBJECT

_OPENING = frozenset("([{<“‘")
_OPENING_BEFORE_WORDS = frozenset("-–—/=*_|")
_ALL_QUOTES = frozenset("\"'“”‘’")
_PUNCTUATION = frozenset(".,:;?!…")


def typeset(text: str) -> str:
    """Give plain text curly quotes and dashes, except between backticks."""
    if not _HAS_STRAIGHT.search(text):
        return text
    text = _DASHES.sub(_dash, text)
    return _QUOTES.sub(_Quotes(text).curl, text)


def typeset_tree(root: Element) -> None:
    """Do the same to the text of a tree, except in code. Quotes may pair across inline elements."""
    line: list[_Slot] = []
    for slot in _slots(root):
        if slot:
            line.append(slot)
        else:
            _typeset_line(line)
            line.clear()
    _typeset_line(line)


def _typeset_line(line: list[_Slot]) -> None:
    texts = [OBJECT if part is OBJECT else getattr(element, part) or "" for element, part in line]
    before = SEAM.join(texts)
    after = typeset(before)
    if after != before:
        for (element, part), text in zip(line, after.split(SEAM), strict=True):
            if part is not OBJECT and text:
                setattr(element, part, text)


def _slots(root: Element) -> Iterator[_Slot | None]:
    """Yield the position of each text in document order, and None between two lines."""
    stack = [(root, iter(root))]
    yield root, "text"
    while stack:
        _, children = stack[-1]
        child = next(children, None)
        if child is None:
            yield from _after(stack.pop()[0], root)
        elif callable(child.tag):  # a comment
            yield child, "tail"
        elif child.tag in LITERAL or child.tag == "img":
            yield (child, OBJECT) if child.tag in INLINE else None
            yield child, "tail"
        else:
            yield (child, "text") if child.tag in INLINE else None
            if child.tag not in INLINE:
                yield child, "text"
            stack.append((child, iter(child)))


def _after(element: Element, root: Element) -> Iterator[_Slot | None]:
    if element.tag not in INLINE:
        yield None
    if element is not root:
        yield element, "tail"


def _dash(match: re.Match[str]) -> str:
    if match["range"]:
        return " – "
    if match["spaced"]:
        return "—"
    return match["joined"].replace("--", "—") if match["joined"] else match[0]


class _Quotes:
    """Curl the quotes of one line from left to right.

    A decision depends on those before it, and on whether a space or a letter follows. Neither differs when
    the result is typeset again.
    """

    def __init__(self, text: str):
        self.text = text
        self.end, self.last = 0, ""  # end of the previous quote, and the character it became
        self.doubles = 0  # open double quotes
        self.single_open = False
        self.last_closing: int | None = None

    def curl(self, match: re.Match[str]) -> str:
        mark = match["quote"]
        if not mark:
            return match[0]
        before, after = self._before(match.start()), self._after(match.end())
        if mark == '"':
            mark = self._double(before, after)
        elif mark == "'":
            mark = self._single(before, after, match.end())
        self._remember(mark, before, after)
        self.end, self.last = match.end(), mark
        return mark

    def _before(self, at: int) -> str:
        while at > self.end and self.text[at - 1] == SEAM:
            at -= 1
        return self.last if at == self.end else self.text[at - 1]

    def _after(self, at: int) -> str:
        while self.text.startswith(SEAM, at):
            at += 1
        return self.text[at : at + 1]

    def _double(self, before: str, after: str) -> str:
        if _opens(before, after):
            if not _blank(after):
                return "“"
            return "”" if self.doubles and before else '"'
        if self.doubles:
            return "”"
        if after.isalnum():
            return "“" if before in _PUNCTUATION else '"'
        return '"' if before.isdigit() else "”"

    def _single(self, before: str, after: str, at: int) -> str:
        if _opens(before, after):
            if _blank(after):
                return "'"
            return "‘" if not _ELIDED.match(self.text, at) and self._closed_after(at) else "’"
        if before.isdigit() and not self.single_open and not after.isalpha():
            return "'"
        return "’"

    def _closed_after(self, at: int) -> bool:
        if self.last_closing is None:
            found = _LAST_CLOSING.match(self.text)
            self.last_closing = found.end() if found else 0
        return self.last_closing > at

    def _remember(self, mark: str, before: str, after: str) -> None:
        if mark in "“”":
            self.doubles = max(0, self.doubles + (1 if mark == "“" else -1))
        elif mark == "‘":
            self.single_open = True
        elif mark == "’" and not _opens(before, after) and not after.isalnum():
            self.single_open = False


def _opens(before: str, after: str) -> bool:
    """Tell whether a quote between these two characters begins a quotation."""
    if before in _OPENING_BEFORE_WORDS:
        return after.isalnum() or after in _ALL_QUOTES
    return _blank(before) or before in _OPENING


def _blank(char: str) -> bool:
    return not char or char.isspace()
