"""Fenced code, also in lists, quotations and footnotes, where Markdown's own extension does not see it.

A fence is three or more backticks or tildes, and ends with at least as many. It may stand behind `>`
marks, a list marker or an indent; the same is taken off each line of the code. Without an end it is no
fence, and four spaces further in than the text around it, it is indented code.
"""

import html
import re
from dataclasses import dataclass

from markdown import Markdown
from markdown.extensions.footnotes import NBSP_PLACEHOLDER
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.util import HTML_PLACEHOLDER
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

LONGEST_HIGHLIGHTED = 50_000  # characters; lexers are quick, but not all of them on everything

_START = re.compile(
    r"(?P<quote>(?: {0,3}>[ ]?)*)(?P<indent>[ ]*)(?P<marker>(?:[-*+]|\d{1,9}[.)]|\[\^[^\]]+\]:)[ ]+)?"
)
_FENCE = re.compile(r"(?P<fence>`{3,}(?=[^`]*$)|~{3,})[ ]*(?P<info>.*)$")
_LANGUAGE = re.compile(r"[{. ]*(?P<name>[\w+#-][\w+#.-]*)?")
_FORMATTER = HtmlFormatter(nowrap=True)


def code_to_html(code: str, language: str = "") -> str:
    """`<div class="highlight"><pre><code class="language-…">`, coloured if Pygments knows the language."""
    name = f' class="language-{html.escape(language)}"' if language else ""
    return f'<div class="highlight"><pre><code{name}>{_coloured(code, language)}</code></pre></div>'


def _coloured(code: str, language: str) -> str:
    if language and len(code) <= LONGEST_HIGHLIGHTED:
        try:
            return highlight(code, get_lexer_by_name(language, stripnl=False), _FORMATTER)
        except ClassNotFound:
            pass
    return html.escape(code, quote=False)


class FencePreprocessor(Preprocessor):
    """Puts highlighted code into the HTML stash, and paragraphs that stand for it into the text.

    It takes the place of Markdown's `normalize_whitespace`, which would turn the tabs in code to spaces.
    """

    def run(self, lines: list[str]) -> list[str]:
        spaced = [line.expandtabs(self.md.tab_length) for line in lines]
        text = [line if line.strip() else "" for line in spaced]
        if any("```" in line or "~~~" in line for line in text):
            text = _Fences(self.md, lines, text).replaced()
        return [*text, "", ""]


class StandInPostprocessor(Postprocessor):
    """Trims the paragraphs that stand for code, so that Markdown knows them when it unpacks the stash."""

    _PADDED = re.compile(rf"<p>\s*({HTML_PLACEHOLDER % '[0-9]+'})\s*</p>")
    _BEFORE_BACKLINK = re.compile(
        rf'<p>\s*({HTML_PLACEHOLDER % "[0-9]+"})\s*{NBSP_PLACEHOLDER}(?=<a class="footnote-backref")'
    )

    def run(self, text: str) -> str:
        return self._BEFORE_BACKLINK.sub(r"<p>\1</p>\n<p>", self._PADDED.sub(r"<p>\1</p>", text))


@dataclass
class _Opening:
    """How a fence begins: behind how many `>`, how far in, after which marker, with what."""

    depth: int
    indent: str
    marker: str
    fence: str
    language: str
    level: int  # of the list items around it, as Markdown counts them: four spaces each

    @property
    def closing(self) -> re.Pattern:
        return re.compile(rf"[ ]*{self.fence[0]}{{{len(self.fence)},}}[ ]*$")


class _Fences:
    """One pass over the lines of one text; `raw` has them with their tabs."""

    def __init__(self, md: Markdown, raw: list[str], lines: list[str]):
        self.md, self.raw, self.lines = md, raw, lines
        self.depth = 0
        self.items: list[int] = []  # the indents of the list items around the current line
        self.hopeless: dict[tuple[str, int], tuple[int, int]] = {}  # no end: for what length, up to where

    def replaced(self) -> list[str]:
        done: list[str] = []
        at = 0
        while at < len(self.lines):
            opening = self._opening(self.lines[at])
            end = self._end(opening, at) if opening else None
            if end:
                self._stand_in(done, opening, self._code(opening, at + 1, end), self.lines[end + 1 : end + 2])
                at = end
            else:
                done.append(self.lines[at])
            at += 1
        return done

    def _opening(self, line: str) -> _Opening | None:
        start = _START.match(line)
        if not line[start.end("quote") :]:
            return None
        depth, indent, marker = start["quote"].count(">"), start["indent"], start["marker"] or ""
        self._follow_lists(depth, len(indent), bool(marker))
        fence = _FENCE.match(line, start.end())
        level = self.items[-1] // 4 + 1 if self.items and not marker else 0
        if not fence or len(indent) >= 4 * level + 4:
            return None
        language = _LANGUAGE.match(fence["info"])["name"] or ""
        return _Opening(depth, indent, marker, fence["fence"], language, level)

    def _follow_lists(self, depth: int, indent: int, is_item: bool) -> None:
        if depth != self.depth:
            self.depth, self.items = depth, []
        while self.items and indent < self.items[-1] + 2:
            self.items.pop()
        if is_item:
            self.items.append(indent)

    def _end(self, opening: _Opening, at: int) -> int | None:
        key, length = (opening.fence[0], opening.depth), len(opening.fence)
        shortest, until = self.hopeless.get(key, (0, 0))
        if at < until and length >= shortest:
            return None
        closing = opening.closing
        for number in range(at + 1, len(self.lines)):
            line = _behind_quote(self.lines[number], opening.depth)
            if line is None:
                break
            if closing.match(line):
                return number
        else:
            number = len(self.lines)
        self.hopeless[key] = length, number
        return None

    def _code(self, opening: _Opening, start: int, end: int) -> str:
        indent = len(opening.indent + opening.marker)
        if not indent and not opening.depth:
            return "\n".join(self.raw[start:end]) + "\n"
        lines = (_behind_quote(line, opening.depth) for line in self.lines[start:end])
        return "".join(f"{_dedented(line, indent)}\n" for line in lines)

    def _stand_in(self, done: list[str], opening: _Opening, code: str, after: list[str]) -> None:
        """Add a paragraph of its own, at the indent that Markdown asks of what belongs to a list item."""
        placeholder = self.md.htmlStash.store(code_to_html(code, opening.language))
        quote = "> " * opening.depth
        if not opening.marker and done and _has_words(done[-1]):
            done.append(quote.rstrip())
        before = f"{opening.indent}{opening.marker}" if opening.marker else " " * 4 * opening.level
        done.append(f"{quote}{before}{placeholder}")
        if any(map(_has_words, after)):
            done.append(quote.rstrip())


def _has_words(line: str) -> bool:
    return bool(line.strip(" >"))


def _behind_quote(line: str, depth: int) -> str | None:
    """The line without so many `>`; None if it has fewer."""
    if not depth:
        return line
    match = re.match(rf"(?: {{0,3}}>[ ]?){{{depth}}}", line)
    return line[match.end() :] if match else None


def _dedented(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip(" "))) :]
