"""Word-by-word differences between two texts."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

from django.utils.translation import gettext

# Longer passages are compared as a whole: the time grows with the square of the number of words.
MAX_WORDS = 3_000
# Characters of unchanged text shown on each side of a change.
CONTEXT_LENGTH = 80


class Part(NamedTuple):
    """A passage of the diff. `change` is `same`, `removed`, `added`, or `gap` for elided unchanged text."""

    change: str
    text: str


def diff(before, after):
    """Return the parts of both texts in order; [] if the texts are equal."""
    if before == after:
        return []
    parts = [part for part in compare(split_lines(before), split_lines(after)) if part.text]
    return elide_unchanged(merge_neighbours(parts))


def split_lines(text):
    return text.splitlines(keepends=True)


def split_words(text):
    return re.findall(r"\s+|\w+|[^\w\s]", text)


def compare(before, after, by_words=True):
    """Compare two lists of lines, then the words of the lines that changed."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, start, end, new_start, new_end in matcher.get_opcodes():
        old, new = "".join(before[start:end]), "".join(after[new_start:new_end])
        if old == new:
            yield Part("same", old)
            continue
        old_words, new_words = (split_words(old), split_words(new)) if by_words else ([], [])
        if old_words and new_words and len(old_words) + len(new_words) < MAX_WORDS:
            yield from compare(old_words, new_words, by_words=False)
        else:
            yield Part("removed", old)
            yield Part("added", new)


def merge_neighbours(parts):
    """Merge adjacent parts with the same change."""
    merged = []
    for part in parts:
        if merged and merged[-1].change == part.change:
            merged[-1] = Part(part.change, merged[-1].text + part.text)
        else:
            merged.append(part)
    return merged


def elide_unchanged(parts):
    """Replace unchanged text by a gap, except for `CONTEXT_LENGTH` characters next to each change."""
    shown = []
    for n, part in enumerate(parts):
        start = part.text[:CONTEXT_LENGTH] if n > 0 else ""
        end = part.text[-CONTEXT_LENGTH:] if n < len(parts) - 1 else ""
        if part.change != "same" or len(start) + len(end) >= len(part.text):
            shown.append(part)
        else:
            elided = [Part("same", start), Part("gap", "…"), Part("same", end)]
            shown += [piece for piece in elided if piece.text]
    return shown


def changed_fields(before, after, labels):
    """List the label and the diff of each field that changed.

    `before` and `after` are values by field name. The order is that of `labels`, labels by field name.
    """
    names = [name for name in labels if name in before or name in after]
    texts = [(name, as_text(before.get(name)), as_text(after.get(name))) for name in names]
    return [(labels[name], diff(old, new)) for name, old, new in texts if old != new]


def as_text(value):
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "" if value is None else str(value)
