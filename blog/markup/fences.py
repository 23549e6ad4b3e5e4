"""Fenced code blocks, even in lists, quotations and footnotes, where Markdown's own extension misses them.

A fence is three or more backticks or tildes, closed by at least as many. It may follow `>` marks, a list
marker or an indent, which are then stripped from each line of the code. An unclosed fence is text, and a
fence four spaces deeper than the text around it is indented code.
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

MAX_HIGHLIGHTED_LENGTH = 50_000  # characters; some lexers are slow on some input

_START = re.compile(
    r"(?P<quote>(?: {0,3}>[ ]?)*)(?P<indent>[ ]*)(?P<marker>(?:[-*+]|\d{1,9}[.)]|\[\^[^\]]+\]:)[ ]+)?"
)
_FENCE = re.compile(r"(?P<fence>`{3,}(?=[^`]*$)|~{3,})[ ]*(?P<info>.*)$")
_LANGUAGE = re.compile(r"[{. ]*(?P<name>[\w+#-][\w+#.-]*)?")
_FORMATTER = HtmlFormatter(nowrap=True)


def code_to_html(code: str, language: str = "") -> str:
    """Return `<div class="highlight"><pre><code>…`, coloured if Pygments knows the language."""
    name = f' class="language-{html.escape(language)}"' if language else ""
    return f'<div class="highlight"><pre><code{name}>{_highlighted(code, language)}</code></pre></div>'


def _highlighted(code: str, language: str) -> str:
    if language and len(code) <= MAX_HIGHLIGHTED_LENGTH:
        try:
            return highlight(code, get_lexer_by_name(language, stripnl=False), _FORMATTER)
        except ClassNotFound:
            pass
    return html.escape(code, quote=False)


class FencePreprocessor(Preprocessor):
    """Move highlighted code into Markdown's HTML stash, leaving placeholder paragraphs in the text.

    Replaces Markdown's `normalize_whitespace`, which would turn the tabs in code into spaces.
    """

    def run(self, lines: list[str]) -> list[str]:
        spaced = [line.expandtabs(self.md.tab_length) for line in lines]
        text = [line if line.strip() else "" for line in spaced]
        if any("```" in line or "~~~" in line for line in text):
            text = _Fences(self.md, lines, text).replaced()
        return [*text, "", ""]


class PlaceholderPostprocessor(Postprocessor):
    """Trim the placeholder paragraphs, so that Markdown recognises them when it restores the stash."""

    _PADDED = re.compile(rf"<p>\s*({HTML_PLACEHOLDER % '[0-9]+'})\s*</p>")
    _BEFORE_BACKLINK = re.compile(
        rf'<p>\s*({HTML_PLACEHOLDER % "[0-9]+"})\s*{NBSP_PLACEHOLDER}(?=<a class="footnote-backref")'
    )

    def run(self, text: str) -> str:
        return self._BEFORE_BACKLINK.sub(r"<p>\1</p>\n<p>", self._PADDED.sub(r"<p>\1</p>", text))


@dataclass
class _Opening:
    """The opening line of a fence."""

    depth: int  # number of `>` marks
    indent: str
    marker: str  # of a list item or footnote
    fence: str
    language: str
    level: int  # number of list items around it, at Markdown's four spaces each

    @property
    def closing(self) -> re.Pattern[str]:
        return re.compile(rf"[ ]*{self.fence[0]}{{{len(self.fence)},}}[ ]*$")


class _Fences:
    """One pass over the lines of a text. `raw` has the same lines with their tabs."""

    def __init__(self, md: Markdown, raw: list[str], lines: list[str]):
        self.md, self.raw, self.lines = md, raw, lines
        self.depth = 0
        self.items: list[int] = []  # indents of the list items around the current line
        # Searches that found no closing fence, so that they aren't repeated: by character and depth, the
        # shortest fence that was looked for, and the line up to which none closes it.
        self.unclosed: dict[tuple[str, int], tuple[int, int]] = {}

    def replaced(self) -> list[str]:
        done: list[str] = []
        at = 0
        while at < len(self.lines):
            opening = self._opening(self.lines[at])
            if opening and (end := self._end(opening, at)):
                code = self._code(opening, at + 1, end)
                self._add_placeholder(done, opening, code, self.lines[end + 1 : end + 2])
                at = end
            else:
                done.append(self.lines[at])
            at += 1
        return done

    def _opening(self, line: str) -> _Opening | None:
        start = _START.match(line)
        if not start or not line[start.end("quote") :]:
            return None
        depth, indent, marker = start["quote"].count(">"), start["indent"], start["marker"] or ""
        self._follow_lists(depth, len(indent), bool(marker))
        fence = _FENCE.match(line, start.end())
        level = self.items[-1] // 4 + 1 if self.items and not marker else 0
        if not fence or len(indent) >= 4 * level + 4:
            return None
        language = _LANGUAGE.match(fence["info"])
        name = (language and language["name"]) or ""
        return _Opening(depth, indent, marker, fence["fence"], name, level)

    def _follow_lists(self, depth: int, indent: int, is_item: bool) -> None:
        if depth != self.depth:
            self.depth, self.items = depth, []
        while self.items and indent < self.items[-1] + 2:
            self.items.pop()
        if is_item:
            self.items.append(indent)

    def _end(self, opening: _Opening, at: int) -> int | None:
        key, length = (opening.fence[0], opening.depth), len(opening.fence)
        shortest, until = self.unclosed.get(key, (0, 0))
        if at < until and length >= shortest:
            return None
        closing = opening.closing
        for number in range(at + 1, len(self.lines)):
            line = _without_quote_marks(self.lines[number], opening.depth)
            if line is None:
                break
            if closing.match(line):
                return number
        else:
            number = len(self.lines)
        self.unclosed[key] = length, number
        return None

    def _code(self, opening: _Opening, start: int, end: int) -> str:
        indent = len(opening.indent + opening.marker)
        if not indent and not opening.depth:
            return "\n".join(self.raw[start:end]) + "\n"
        lines = (_without_quote_marks(line, opening.depth) for line in self.lines[start:end])
        return "".join(f"{_dedented(line or '', indent)}\n" for line in lines)

    def _add_placeholder(self, done: list[str], opening: _Opening, code: str, after: list[str]) -> None:
        """Add a separate paragraph for the code, indented so that Markdown keeps it in its list item."""
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


def _without_quote_marks(line: str, depth: int) -> str | None:
    """Strip `depth` quote marks from a line; None if it has fewer."""
    if not depth:
        return line
    match = re.match(rf"(?: {{0,3}}>[ ]?){{{depth}}}", line)
    return line[match.end() :] if match else None


def _dedented(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip(" "))) :]
