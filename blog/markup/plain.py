"""Plain text to HTML, and HTML to plain text."""

import html
import re

from . import scan
from .elements import INLINE
from .typography import typeset

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
    return " ".join(html.unescape(scan.TAG.sub(_gap, source)).split())


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
