"""What authors write, made into safe HTML: pure functions, text in and text out.

`render()` runs when a post is saved; its output is stored, and needs no further cleaning to be shown. It
never has a `style` attribute. The classes that a style sheet should know, besides those that authors invent:

- code: `<div class="highlight"><pre><code class="language-python">` with the short class names of Pygments
  on `<span>`s; posts from elsewhere may bring `pl-…` classes inside `.highlight`;
- `a.embed`, a link in the place of a frame from a listed host, with `data-src`, `data-width`, `data-height`;
- Markdown: `div.footnote`, `a.footnote-ref`, `a.footnote-backref`;
- what styles and obsolete attributes became: `align-left`, `align-center`, `align-right`, `centered`,
  `float-left`, `float-right`, `clear`, `full-width`, `fit-width` (not wider than the text), `width-10` to
  `width-90` in tens (per cent), `underline`, `line-through`, `uppercase`, `small-caps`, `italic`, `bold`,
  `monospace`, `smaller`, `larger`, `marked` (as with a yellow pen), `nowrap`, `pre-wrap`, `break-anywhere`,
  `plain-list` (no bullets).

Ids stay as authors wrote them, and headings in Markdown get some: a script or label of a page must not
rely on an id that a heading could have. They clobber nothing, since no element has a `name` but `map`
and `details`.
"""

from dataclasses import dataclass
from enum import StrEnum

from . import markdown
from .clean import clean
from .excerpts import excerpt, has_more
from .feeds import audio_sources, for_feed
from .hrefs import absolute_urls, for_list, link_targets
from .html5 import TooComplex
from .plain_text import (
    description,
    line_to_html,
    plain,
    resolve_cdata,
    strip_controls,
    text_to_html,
    word_count,
)
from .typography import typeset

__all__ = [
    "Format",
    "Options",
    "absolute_urls",
    "audio_sources",
    "description",
    "excerpt",
    "for_feed",
    "for_list",
    "has_more",
    "link_targets",
    "plain",
    "render",
    "render_inline",
    "strip_controls",
    "typeset",
    "word_count",
]

# Characters, of a text and of one line. A book has as many; what is longer is shown as plain text.
LONGEST_SOURCE = 500_000
LONGEST_LINE = 10_000
DEFEATS = (TooComplex, RecursionError)


class Format(StrEnum):
    """What a text is written in."""

    MARKDOWN = "markdown"
    HTML = "html"  # bodies of the years before Markdown: XHTML, typeset when rendered
    TEXT = "text"


@dataclass(frozen=True)
class Options:
    """What the author decides: hosts that may be framed (exact names), and curly quotes in Markdown."""

    iframe_hosts: frozenset[str] = frozenset()
    smart_markdown: bool = False


DEFAULTS = Options()


def render(source: str, format: str, options: Options = DEFAULTS, footnote_prefix: str = "") -> str:
    """Return the whole text as safe HTML. Never raises: what defeats the parsers is shown as plain text.

    `footnote_prefix` becomes part of the ids of footnotes: unlike for each post of a page.
    """
    source = strip_controls(source)
    if Format(format) is Format.TEXT or len(source) > LONGEST_SOURCE:
        return text_to_html(source)
    try:
        if format == Format.HTML:
            return clean(resolve_cdata(source), options.iframe_hosts, typographic=True)
        return _from_markdown(source, options, footnote_prefix)
    except DEFEATS:
        return text_to_html(source)


def render_inline(source: str, options: Options = DEFAULTS) -> str:
    """Return one line of Markdown without any block; where there were several, there are line breaks."""
    source = strip_controls(source).strip()
    if len(source) > LONGEST_LINE:
        return line_to_html(source)
    try:
        html = markdown.to_inline_html(source)
        return clean(html, typographic=options.smart_markdown, show_unknown_tags=True, inline=True).strip()
    except DEFEATS:
        return line_to_html(source)


def _from_markdown(source: str, options: Options, footnote_prefix: str) -> str:
    return clean(
        markdown.to_html(source, footnote_prefix),
        options.iframe_hosts,
        typographic=options.smart_markdown,
        anchors=True,
        show_unknown_tags=True,
    )
