"""Groups of names that may mean the same, found through shared keys instead of comparing every pair."""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from os.path import commonprefix

from django.utils.translation import gettext_lazy as _

# In shorter words one letter makes another word: cat, cut, car.
MIN_MISSPELT_LENGTH = 6
MIN_PLURAL_LENGTH = 4


class Reason(StrEnum):
    """The difference between the names of a group, from the smallest to the largest."""

    CASE = "case"
    SEPARATORS = "separators"
    PLURAL = "plural"
    LETTER = "letter"

    @property
    def label(self):
        return LABELS[self]


LABELS = {
    Reason.CASE: _("Only case differs"),
    Reason.SEPARATORS: _("Only hyphens, underscores or spaces differ"),
    Reason.PLURAL: _("Singular and plural"),
    Reason.LETTER: _("One letter differs"),
}


@dataclass(frozen=True)
class Group:
    reason: Reason
    names: tuple


def near_duplicates(names):
    """Group similar names; groups are sorted by reason, and a name may be in several of reason LETTER.

    The cases: two names are equal after case folding, after also removing separators, or after also taking
    the singular; or the results are one letter apart. The time is O(n log n), times the length of a name.
    """
    by_singular = defaultdict(list)
    for name in sorted(names):
        by_singular[singular(without_separators(fold(name)))].append(name)
    same = [Group(reason_for(group), tuple(group)) for group in by_singular.values() if len(group) > 1]
    apart = [
        Group(Reason.LETTER, (*by_singular[one], *by_singular[other]))
        for one, other in one_letter_apart(by_singular)
    ]
    return sorted([*same, *apart], key=lambda group: (list(Reason).index(group.reason), group.names))


def reason_for(names):
    """Return the difference between names that share their singular."""
    folded = {fold(name) for name in names}
    if len(folded) == 1:
        return Reason.CASE
    return Reason.SEPARATORS if len(set(map(without_separators, folded))) == 1 else Reason.PLURAL


def fold(name):
    return unicodedata.normalize("NFKC", name).casefold()


def without_separators(name):
    """Remove spaces, hyphens and underscores, unless the name consists of nothing else."""
    return re.sub(r"[\s_-]+", "", name) or name


def singular(word):
    """Guess the English singular from the ending."""
    if len(word) < MIN_PLURAL_LENGTH or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > MIN_PLURAL_LENGTH:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word.removesuffix("s")


def one_letter_apart(words):
    """List the pairs of words that differ by one insertion, deletion, substitution or transposition.

    Such words become equal when a letter is deleted from one or from each. So the words are indexed by all
    their one-letter deletions, and only words that share one are compared.
    """
    index = defaultdict(list)
    for word in words:
        if len(word) >= MIN_MISSPELT_LENGTH - 1:
            for rest in {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}:
                index[rest].append(word)
    pairs = {pair for group in index.values() for pair in unordered_pairs(sorted(group))}
    return sorted(pair for pair in pairs if is_one_letter_apart(*pair))


def unordered_pairs(words):
    return ((one, other) for n, one in enumerate(words) for other in words[n + 1 :])


def is_one_letter_apart(one, other):
    """Tell whether two different words differ that way, except in a digit: 2023 is not a misspelt 2024."""
    start = len(commonprefix([one, other]))  # noqa: RUF071  (letters, not path components)
    rests = one[start:], other[start:]
    if max(len(one), len(other)) < MIN_MISSPELT_LENGTH or any(rest[:1].isdigit() for rest in rests):
        return False
    added = rests[0] == rests[1][1:] or rests[0][1:] == rests[1]
    replaced = rests[0][1:] == rests[1][1:]
    exchanged = rests[0][:2] == rests[1][:2][::-1] and rests[0][2:] == rests[1][2:]
    return added or replaced or exchanged
