"""Plain text: control characters, escaping, and what remains of HTML without its tags."""

import html
import re

from . import html_scan
from .html_scan import INLINE
from .typography import typeset

# XML 1.0 (fifth edition), section 2.2: tab, newline, carriage return and everything from U+0020, except
# surrogates, U+FFFE and U+FFFF. U+007F to U+009F are allowed there, but discouraged.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NEWLINE = re.compile("\r\n?")


def strip_controls(text: str) -> str:
    """Remove what XML 1.0 (section 2.2) forbids or has no use for, and end lines with a newline alone.

    U+0080 to U+009F are Windows-1252 that somebody took for Latin-1: they become the quotation marks
    and dashes that were meant, as browsers do with `&#147;` (HTML, section 13.2.5.80).
    """
    text = _NEWLINE.sub("\n", text) if "\r" in text else text
    return _UNWANTED.sub(_mend, text)


def _mend(match: re.Match) -> str:
    code = ord(match[0])
    return bytes([code]).decode("cp1252", "ignore") if 0x80 <= code <= 0x9F else ""


_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_FOOTNOTE_MARK = re.compile(r'<sup(?: id="[^"]*")?><a class="footnote-ref"[^>]*>[^<]*</a></sup>')


def text_to_html(text: str) -> str:
    """Escape and typeset plain text: blank lines separate paragraphs, and single line breaks stay."""
    paragraphs = (part.strip() for part in _BLANK_LINES.split(text))
    return "\n".join(f"<p>{line_to_html(part)}</p>" for part in paragraphs if part)


def line_to_html(text: str) -> str:
    """Escape and typeset plain text without making paragraphs of it."""
    return html.escape(typeset(text), quote=False).replace("\n", "<br>\n")


def plain(source: str) -> str:
    """The text of finished HTML with whitespace collapsed: no tags, no footnote marks."""
    source = _FOOTNOTE_MARK.sub("", source)
    return " ".join(html.unescape(html_scan.TAG.sub(_gap, source)).split())


def word_count(source: str) -> int:
    """How many words a reader sees, those in code included."""
    return sum(1 for word in plain(source).split() if any(map(str.isalnum, word)))


def description(source: str, words: int = 30) -> str:
    """The first words as plain text, ending in … when there are more."""
    found = plain(source).split()
    if len(found) <= words:
        return " ".join(found)
    return " ".join(found[:words]).rstrip(".,;:—–-(") + "…"


def _gap(tag: re.Match) -> str:
    return "" if tag["name"] is None or tag["name"].lower() in INLINE else " "


def resolve_cdata(source: str) -> str:
    """Escape what stands in the CDATA sections of XHTML, which HTML does not have."""
    before, opening, rest = source.partition("<![CDATA[")
    done = [before]
    while opening and "]]>" in rest:
        text, _, rest = rest.partition("]]>")
        between, opening, rest = rest.partition("<![CDATA[")
        done += [html.escape(text), between]
    return "".join(done) + opening + rest
