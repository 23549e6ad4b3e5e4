"""Plain text: stripping control characters, escaping to HTML, and extracting text from HTML."""

import html
import re

from . import html_scan
from .html_scan import INLINE
from .typography import typeset

# XML 1.0 (fifth edition), section 2.2, allows tab, newline, carriage return and everything from U+0020 except
# surrogates, U+FFFE and U+FFFF. It discourages U+007F to U+009F, so those go too.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NEWLINE = re.compile("\r\n?")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_FOOTNOTE_MARK = re.compile(r'<sup(?: id="[^"]*")?><a class="footnote-ref"[^>]*>[^<]*</a></sup>')
_CDATA_START, _CDATA_END = "<![CDATA[", "]]>"


# Cleaning sources


def strip_controls(text: str) -> str:
    """Remove the characters that XML 1.0 (section 2.2) forbids or discourages, and normalise newlines to \\n.

    U+0080 to U+009F are Windows-1252 characters that were decoded as Latin-1. They become the quotation marks
    and dashes they were meant to be, as browsers do with `&#147;` (HTML, section 13.2.5.80).
    """
    text = _NEWLINE.sub("\n", text) if "\r" in text else text
    return _UNWANTED.sub(_repair, text)


def _repair(match: re.Match[str]) -> str:
    code = ord(match[0])
    return bytes([code]).decode("cp1252", "ignore") if 0x80 <= code <= 0x9F else ""


def resolve_cdata(source: str) -> str:
    """Turn the CDATA sections of XHTML, which HTML doesn't have, into escaped text."""
    before, start, rest = source.partition(_CDATA_START)
    parts = [before]
    while start and _CDATA_END in rest:
        text, _, rest = rest.partition(_CDATA_END)
        between, start, rest = rest.partition(_CDATA_START)
        parts += [html.escape(text), between]
    return "".join(parts) + start + rest


# Text to HTML


def text_to_html(text: str) -> str:
    """Escape and typeset plain text. Blank lines separate paragraphs; single line breaks become <br>."""
    paragraphs = (part.strip() for part in _BLANK_LINES.split(text))
    return "\n".join(f"<p>{line_to_html(part)}</p>" for part in paragraphs if part)


def line_to_html(text: str) -> str:
    """Escape and typeset plain text without wrapping it in paragraphs."""
    return html.escape(typeset(text), quote=False).replace("\n", "<br>\n")


# HTML to text


def plain(source: str) -> str:
    """Return the text of rendered HTML, without tags and footnote marks, its whitespace collapsed."""
    source = _FOOTNOTE_MARK.sub("", source)
    return " ".join(html.unescape(html_scan.TAG.sub(_gap, source)).split())


def word_count(source: str) -> int:
    """Count the words of rendered HTML, code included."""
    return sum(1 for word in plain(source).split() if any(map(str.isalnum, word)))


def description(source: str, words: int = 30) -> str:
    """Return the first words of rendered HTML as plain text, ending in … if there are more."""
    found = plain(source).split()
    if len(found) <= words:
        return " ".join(found)
    return " ".join(found[:words]).rstrip(".,;:—–-(") + "…"


def _gap(tag: re.Match[str]) -> str:
    return "" if tag["name"] is None or tag["name"].lower() in INLINE else " "
