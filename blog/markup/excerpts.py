"""Excerpts: the part of an entry that lists show, usually its first paragraph.

The candidates, in this order: the first paragraph with words, the first other block with words (a list, a
quotation, code, but not a heading), a heading, an image or video. Wrappers (`div`, `section`, …) around
paragraphs are searched inside. Text outside any element counts as a paragraph.
"""

import html
import re
from collections.abc import Iterator

from . import html_scan
from .html_scan import HEADINGS, INLINE, VOID, names
from .plain_text import plain

_MEDIA = re.compile(
    r"<(?:img|picture|figure|video|audio|iframe|lite-youtube|[a-z-]*image-gallery|click-to-play)\b"
)
_PARAGRAPH = re.compile(r"<p[\s>]")
_WRAPPERS = names("div section article header main")
_INLINE = INLINE | {"br", "click-to-play", "picture"}
_CONTEXT = re.compile(
    r'<p(?:\s[^>]*)?\sclass="(?:[^"]*\s)?context(?:\s[^"]*)?"|<p[^>]*>\s*<(?:em|i)>\s*My answer to\b'
)
_EDGE_BREAKS = re.compile(r"^(?:\s|<br>)+|(?:\s|<br>)+$")


def excerpt(source: str) -> str:
    """Return the part of an entry's rendered HTML that lists show; "" if it has nothing to show.

    Everything after `<!-- cutoff -->` is ignored, as is a first paragraph of class `context` or one that
    begins with an emphasised "My answer to".
    """
    blocks = list(_blocks(_before_cutoff(source)))
    if blocks and _CONTEXT.match(blocks[0][1]):
        del blocks[0]
    for is_candidate in (_is_paragraph, _is_block, _has_words, _has_media):
        for name, block in blocks:
            if is_candidate(name, block):
                return block
    return ""


def has_more(source: str) -> bool:
    """Tell whether an entry has words or media that its excerpt leaves out."""
    return _words_and_media(html_scan.CUTOFF.sub("", source)) != _words_and_media(excerpt(source))


def _before_cutoff(source: str) -> str:
    """Return the part before the cutoff marker, with the elements that were open there closed."""
    marker = html_scan.CUTOFF.search(source)
    if not marker:
        return source
    open_elements: list[str] = []
    for tag, depth in html_scan.elements(source[: marker.start()]):
        del open_elements[depth:]
        if tag["name"] and not tag["end"] and tag["name"].lower() not in VOID:
            open_elements.append(tag["name"])
    return source[: marker.start()] + "".join(f"</{name}>" for name in reversed(open_elements))


def _blocks(source: str) -> Iterator[tuple[str, str]]:
    """Yield the name and HTML of each outermost block, unwrapped, with loose text as paragraphs."""
    loose_start = block_start = 0
    for tag, depth in html_scan.elements(source):
        name = (tag["name"] or "").lower()
        if depth or not name or name in _INLINE:
            continue
        if not tag["end"]:
            yield from _loose_text(source[loose_start : tag.start()])
            block_start, content_start = tag.start(), tag.end()
        if tag["end"] and name in _WRAPPERS and _PARAGRAPH.search(source, content_start, tag.start()):
            yield from _blocks(source[content_start : tag.start()])
        elif tag["end"] or name in VOID:
            yield name, source[block_start : tag.end()]
        loose_start = tag.end()
    yield from _loose_text(source[loose_start:])


def _loose_text(text: str) -> Iterator[tuple[str, str]]:
    text = _EDGE_BREAKS.sub("", text)
    if text:
        yield "p", f"<p>{text}</p>"


def _is_paragraph(name: str, block: str) -> bool:
    return name == "p" and _has_words(name, block)


def _is_block(name: str, block: str) -> bool:
    return name not in HEADINGS and _has_words(name, block)


def _has_words(name: str, block: str) -> bool:
    return bool(plain(block))


def _has_media(name: str, block: str) -> bool:
    return bool(_MEDIA.search(block))


def _words_and_media(source: str) -> str:
    """Reduce HTML to its words and media, for comparison."""
    return html.unescape(plain(source)) + "".join(_MEDIA.findall(source))
