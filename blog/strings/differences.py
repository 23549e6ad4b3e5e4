"""What changed between two texts, word by word. Pure functions."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

from django.utils.translation import gettext

#: Beyond so many words, passages are only told apart as a whole: comparing takes the square of their number.
MOST_WORDS = 3_000
#: So many characters of what stayed are shown on each side of a change.
AROUND = 80


class Part(NamedTuple):
    """A passage that is the `same`, was `removed` or `added`; or a `gap`, where what stayed is left out."""

    change: str
    text: str


def difference(before, after):
    """The parts of both texts in their order; empty if they are the same."""
    if before == after:
        return []
    parts = [part for part in compare(lines(before), lines(after)) if part.text]
    return shorten(join(parts))


def lines(text):
    return text.splitlines(keepends=True)


def words(text):
    return re.findall(r"\s+|\w+|[^\w\s]", text)


def compare(before, after, inside=True):
    """Compare lines, and inside lines that changed their words."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, start, end, new_start, new_end in matcher.get_opcodes():
        old, new = "".join(before[start:end]), "".join(after[new_start:new_end])
        if old == new:
            yield Part("same", old)
        elif (
            inside
            and old
            and new
            and len(old_words := words(old)) + len(new_words := words(new)) < MOST_WORDS
        ):
            yield from compare(old_words, new_words, inside=False)
        else:
            yield Part("removed", old)
            yield Part("added", new)


def join(parts):
    """One part for neighbours of one sort."""
    joined = []
    for part in parts:
        if joined and joined[-1].change == part.change:
            joined[-1] = Part(part.change, joined[-1].text + part.text)
        else:
            joined.append(part)
    return joined


def shorten(parts):
    """Leave out what stayed and is far from any change."""
    shown = []
    for n, part in enumerate(parts):
        start = part.text[:AROUND] if n > 0 else ""
        end = part.text[-AROUND:] if n < len(parts) - 1 else ""
        if part.change != "same" or len(start) + len(end) >= len(part.text):
            shown.append(part)
        else:
            kept = [Part("same", start), Part("gap", "…"), Part("same", end)]
            shown += [piece for piece in kept if piece.text]
    return shown


def changed_fields(before, after, labels):
    """The fields that differ: a label and the parts for each. Both are values by name, in any order."""
    names = [name for name in labels if name in before or name in after]
    texts = [(name, as_text(before.get(name)), as_text(after.get(name))) for name in names]
    return [(labels[name], difference(old, new)) for name, old, new in texts if old != new]


def as_text(value):
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "" if value is None else str(value)
