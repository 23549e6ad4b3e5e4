"""Markdown to HTML. What comes out is not safe yet: it goes on to `clean`.

Beyond plain Markdown: fenced code, footnotes, tables, abbreviations, and Markdown inside elements that have
`markdown="1"`. Attribute lists are left out, since `## The {name} tag` is a heading and no attribute.
"""

import re
import threading

import markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.preprocessors import Preprocessor

from .fences import FencePreprocessor, StandInPostprocessor
from .html5 import TooComplex
from .html_scan import names

# Markdown's parser reads each of these to the end of the paragraph, again and again; these bounds are a
# hundred times what the longest of real texts need, and keep the worst within some seconds.
MOST_BRACKET_STEPS = 3_000_000
MOST_TAG_STEPS = 30_000_000
LONGEST_BLOCK = 50_000
MOST_LINES = 3_000
MOST_BLOCKS = 20_000

BLOCK_ELEMENTS = names(
    "audio captioned-image-gallery click-to-play github-code image-gallery lite-youtube markdown-copy picture"
)
_INLINE_ONLY = ("code", "hashheader", "setextheader", "hr", "olist", "ulist", "quote", "indent")
_UNCLOSED_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*(?=<|\Z)")
_BLANK_LINES = re.compile(r"\n{2,}")
_instances = threading.local()  # a Markdown instance has state


def to_html(source: str, footnote_prefix: str = "") -> str:
    """Raises TooComplex, or RecursionError where the source is nested too deeply."""
    md = _instance("document", _document)
    md.footnotes.prefix = f"{footnote_prefix}:" if footnote_prefix else ""
    return _convert(md, source)


def to_inline_html(source: str) -> str:
    """Emphasis, links, code and the like; what would begin a list, a heading or a quotation is text."""
    return _convert(_instance("line", _line), source)


def _convert(md: markdown.Markdown, source: str) -> str:
    try:
        return md.reset().convert(source)
    except BaseException:
        _instances.__dict__.clear()  # the instance was left in the middle of its work
        raise


def _instance(name: str, make) -> markdown.Markdown:
    if not hasattr(_instances, name):
        setattr(_instances, name, make())
    return getattr(_instances, name)


def _document() -> markdown.Markdown:
    footnotes = Footnotes()
    md = markdown.Markdown(extensions=[footnotes, "tables", "abbr", "md_in_html"], output_format="html")
    md.footnotes = footnotes
    md.block_level_elements += BLOCK_ELEMENTS
    md.preprocessors.register(FencePreprocessor(md), "normalize_whitespace", 30)
    md.postprocessors.register(StandInPostprocessor(md), "stand_in", 35)
    _register_bounds(md)
    return md


def _line() -> markdown.Markdown:
    md = markdown.Markdown(output_format="html")
    for name in _INLINE_ONLY:
        md.parser.blockprocessors.deregister(name)
    _register_bounds(md)
    return md


def _register_bounds(md: markdown.Markdown) -> None:
    md.preprocessors.register(TagBound(md), "tag_bound", 25)
    md.preprocessors.register(BlockBound(md), "block_bound", 5)


class Footnotes(FootnoteExtension):
    """Footnotes whose ids carry the prefix of their post, so that two posts can share a page."""

    prefix = ""

    def makeFootnoteId(self, id):
        return f"fn:{self.prefix}{_word(id)}"

    def makeFootnoteRefId(self, id, found=False):
        return self.unique_ref(f"fnref:{self.prefix}{_word(id)}", found)


def _word(id: str) -> str:
    return re.sub(r"\s+", "-", id)


class TagBound(Preprocessor):
    """Refuses texts with so many unclosed `<` that looking for their ends would take long."""

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        unclosed = sum(1 for _ in _UNCLOSED_TAG.finditer(text))
        if unclosed * len(text) > MOST_TAG_STEPS:
            raise TooComplex(f"{unclosed} tags have no end")
        return lines


class BlockBound(Preprocessor):
    """Refuses texts with paragraphs that no paragraph is like. Code and raw HTML are in the stash by now."""

    def run(self, lines: list[str]) -> list[str]:
        steps, blocks = 0, _BLANK_LINES.split("\n".join(lines))
        if len(blocks) > MOST_BLOCKS:
            raise TooComplex(f"there are {len(blocks)} paragraphs")
        for block in blocks:
            if len(block) > LONGEST_BLOCK or block.count("\n") > MOST_LINES:
                raise TooComplex("a paragraph is far too long")
            steps += bracket_steps(block)
        if steps > MOST_BRACKET_STEPS:
            raise TooComplex("too many brackets have no partner")
        return lines


def bracket_steps(block: str) -> int:
    """How many characters lie between all opening brackets and their closing ones, or the block's end."""
    return _steps(block, "[", "]") + _steps(block, "(", ")")


def _steps(block: str, opening: str, closing: str) -> int:
    steps, waiting = 0, []
    for match in re.finditer(rf"[\{opening}\{closing}]", block):
        if match[0] == opening:
            waiting.append(match.start())
        elif waiting:
            steps += match.start() - waiting.pop()
    return steps + sum(len(block) - start for start in waiting)
