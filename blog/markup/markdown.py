"""Markdown to HTML. The output is not safe until `clean` has sanitized it.

Extensions: fenced code, footnotes, tables, abbreviations, and Markdown inside elements with `markdown="1"`.
Not attribute lists, because `## The {name} tag` is a heading without attributes.
"""

import re
import threading
from collections.abc import Callable

import markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.preprocessors import Preprocessor

from .fences import FencePreprocessor, PlaceholderPostprocessor
from .html5 import TooComplex
from .html_scan import names

# For each opening bracket and tag, Markdown's parser scans to the end of the paragraph. These limits are a
# hundred times what the longest real texts need, and keep the worst case within seconds.
MAX_BRACKET_STEPS = 3_000_000
MAX_TAG_STEPS = 30_000_000
MAX_BLOCK_LENGTH = 50_000
MAX_BLOCK_LINES = 3_000
MAX_BLOCKS = 20_000

BLOCK_ELEMENTS = names(
    "audio captioned-image-gallery click-to-play github-code image-gallery lite-youtube markdown-copy picture"
)
_INLINE_ONLY = ("code", "hashheader", "setextheader", "hr", "olist", "ulist", "quote", "indent")
_UNCLOSED_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*(?=<|\Z)")
_BLANK_LINES = re.compile(r"\n{2,}")
_instances = threading.local()  # a Markdown instance has state


def to_html(source: str, footnote_prefix: str = "") -> str:
    """Convert a document. Raises TooComplex, or RecursionError if it is nested too deeply."""
    md = _instance("document", _document)
    Footnotes.of(md).prefix = f"{footnote_prefix}:" if footnote_prefix else ""
    return _convert(md, source)


def to_inline_html(source: str) -> str:
    """Convert inline markup only. The markers of lists, headings and quotations are text."""
    return _convert(_instance("line", _line), source)


def _convert(md: markdown.Markdown, source: str) -> str:
    try:
        return md.reset().convert(source)
    except BaseException:
        _instances.__dict__.clear()  # the instance is left in an undefined state
        raise


def _instance(name: str, make: Callable[[], markdown.Markdown]) -> markdown.Markdown:
    md: markdown.Markdown | None = getattr(_instances, name, None)
    if md is None:
        md = make()
        setattr(_instances, name, md)
    return md


def _document() -> markdown.Markdown:
    md = markdown.Markdown(extensions=[Footnotes(), "tables", "abbr", "md_in_html"], output_format="html")
    md.block_level_elements += BLOCK_ELEMENTS
    md.preprocessors.register(FencePreprocessor(md), "normalize_whitespace", 30)
    md.postprocessors.register(PlaceholderPostprocessor(md), "code_placeholder", 35)
    _register_limits(md)
    return md


def _line() -> markdown.Markdown:
    md = markdown.Markdown(output_format="html")
    for name in _INLINE_ONLY:
        md.parser.blockprocessors.deregister(name)
    _register_limits(md)
    return md


def _register_limits(md: markdown.Markdown) -> None:
    md.preprocessors.register(TagLimit(md), "tag_limit", 25)
    md.preprocessors.register(BlockLimit(md), "block_limit", 5)


class Footnotes(FootnoteExtension):
    """Footnotes with a prefix in their ids, so that two posts can share a page."""

    prefix = ""

    @classmethod
    def of(cls, md: markdown.Markdown) -> "Footnotes":
        return next(extension for extension in md.registeredExtensions if isinstance(extension, cls))

    def makeFootnoteId(self, id: str) -> str:
        return f"fn:{self.prefix}{_hyphenated(id)}"

    def makeFootnoteRefId(self, id: str, found: bool = False) -> str:
        return self.unique_ref(f"fnref:{self.prefix}{_hyphenated(id)}", found)


def _hyphenated(id: str) -> str:
    return re.sub(r"\s+", "-", id)


class TagLimit(Preprocessor):
    """Refuse texts with so many unclosed `<` that searching for their ends would take long."""

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        unclosed = sum(1 for _ in _UNCLOSED_TAG.finditer(text))
        if unclosed * len(text) > MAX_TAG_STEPS:
            raise TooComplex(f"{unclosed} tags are unclosed")
        return lines


class BlockLimit(Preprocessor):
    """Refuse texts with unrealistically long paragraphs. Code and raw HTML are in the stash by now."""

    def run(self, lines: list[str]) -> list[str]:
        steps, blocks = 0, _BLANK_LINES.split("\n".join(lines))
        if len(blocks) > MAX_BLOCKS:
            raise TooComplex(f"there are {len(blocks)} paragraphs")
        for block in blocks:
            if len(block) > MAX_BLOCK_LENGTH or block.count("\n") > MAX_BLOCK_LINES:
                raise TooComplex("a paragraph is too long")
            steps += bracket_steps(block)
        if steps > MAX_BRACKET_STEPS:
            raise TooComplex("too many brackets are unclosed")
        return lines


def bracket_steps(block: str) -> int:
    """Sum the distances from each opening bracket to its closing one, or to the end of the block."""
    return _steps(block, "[", "]") + _steps(block, "(", ")")


def _steps(block: str, opening: str, closing: str) -> int:
    steps = 0
    unclosed: list[int] = []  # positions
    for match in re.finditer(rf"[\{opening}\{closing}]", block):
        if match[0] == opening:
            unclosed.append(match.start())
        elif unclosed:
            steps += match.start() - unclosed.pop()
    return steps + sum(len(block) - start for start in unclosed)
