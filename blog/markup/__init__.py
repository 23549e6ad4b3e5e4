"""Markup: turns what authors write into safe HTML. Pure functions, text in and text out.

`render()` runs when a post is saved. Its output is stored, needs no further sanitizing, and never has a
`style` attribute. Besides classes that authors invent, a style sheet should know these:

- code: `<div class="highlight"><pre><code class="language-python">` with the short class names of Pygments
  on `<span>`s; imported posts may bring `pl-…` classes inside `.highlight`;
- `a.embed`, a link in place of an iframe from an allowed host, with `data-src`, `data-width`, `data-height`;
- Markdown: `div.footnote`, `a.footnote-ref`, `a.footnote-backref`;
- replacements for inline styles and obsolete attributes: `align-left`, `align-center`, `align-right`,
  `centered`, `float-left`, `float-right`, `clear`, `full-width`, `fit-width` (not wider than the text),
  `width-10` to `width-90` in tens (per cent), `underline`, `line-through`, `uppercase`, `small-caps`,
  `italic`, `bold`, `monospace`, `smaller`, `larger`, `marked` (as with a yellow pen), `nowrap`, `pre-wrap`,
  `break-anywhere`, `plain-list` (no bullets).

Ids that authors wrote are preserved, and headings in Markdown get one, so a page's scripts and labels must
not rely on an id that a heading could have. Names can't clobber the DOM: only `map` and `details` have them.
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
    "TrustedHtml",
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
    "trusted",
    "typeset",
    "word_count",
]

# In characters. Longer sources (500,000 is a whole book) are shown as plain text.
MAX_SOURCE_LENGTH = 500_000
MAX_LINE_LENGTH = 10_000
_PARSER_FAILURES = (TooComplex, RecursionError)


class Format(StrEnum):
    """The language a text is written in."""

    MARKDOWN = "markdown"
    HTML = "html"  # also the XHTML of old archives; typeset when rendered
    TEXT = "text"


@dataclass(frozen=True)
class Options:
    """The site's settings for rendering.

    `iframe_hosts` are exact host names. `smart_markdown` typesets Markdown; other formats always are.
    """

    iframe_hosts: frozenset[str] = frozenset()
    smart_markdown: bool = False


DEFAULTS = Options()


class TrustedHtml(str):
    """HTML that this package made. Templates don't escape it (`__html__()`, as in Django and MarkupSafe)."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def trusted(html: str) -> TrustedHtml:
    """Mark stored output of this package as safe to insert into a page. Never pass other text."""
    return TrustedHtml(html)


def render(source: str, format: str, options: Options = DEFAULTS, footnote_prefix: str = "") -> str:
    """Return a text as safe HTML. Never raises: a text too complex to parse is shown as plain text.

    `footnote_prefix` becomes part of the ids of footnotes, so it must be unique among the posts of a page.
    """
    source = strip_controls(source)
    if Format(format) is Format.TEXT or len(source) > MAX_SOURCE_LENGTH:
        return text_to_html(source)
    try:
        if format == Format.HTML:
            return clean(resolve_cdata(source), options.iframe_hosts, typographic=True)
        return _from_markdown(source, options, footnote_prefix)
    except _PARSER_FAILURES:
        return text_to_html(source)


def render_inline(source: str, options: Options = DEFAULTS) -> str:
    """Return Markdown as one line of inline HTML, with line breaks in place of block boundaries."""
    source = strip_controls(source).strip()
    if len(source) > MAX_LINE_LENGTH:
        return line_to_html(source)
    try:
        html = markdown.to_inline_html(source)
        return clean(html, typographic=options.smart_markdown, show_unknown_tags=True, inline=True).strip()
    except _PARSER_FAILURES:
        return line_to_html(source)


def _from_markdown(source: str, options: Options, footnote_prefix: str) -> str:
    return clean(
        markdown.to_html(source, footnote_prefix),
        options.iframe_hosts,
        typographic=options.smart_markdown,
        anchors=True,
        show_unknown_tags=True,
    )
