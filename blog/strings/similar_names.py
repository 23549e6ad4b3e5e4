"""Names that may mean the same: found by what they have in common, not by comparing each with each."""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from os.path import commonprefix

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

#: In shorter words one letter makes another word: cat, cut, car.
SHORTEST_MISSPELT = 6
SHORTEST_PLURAL = 4


class Reason(TextChoices):
    """What distinguishes the names of a group, the least first; its label says so."""

    CASE = "case", _("Only case differs")
    SEPARATORS = "separators", _("Only hyphens, underscores or spaces differ")
    PLURAL = "plural", _("Singular and plural")
    LETTER = "letter", _("One letter differs")


@dataclass(frozen=True)
class Group:
    reason: Reason
    names: tuple


def near_duplicates(names):
    """Groups of two and more names, by reason. A name may be in several that differ by a letter.

    The cases: names are the same when folded, when also joined, when also singular; or what
    they are then is one letter apart. The time is that of sorting the names, times their length.
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
    """What distinguishes names whose joined singular is the same."""
    folded = {fold(name) for name in names}
    if len(folded) == 1:
        return Reason.CASE
    return Reason.SEPARATORS if len(set(map(without_separators, folded))) == 1 else Reason.PLURAL


def fold(name):
    return unicodedata.normalize("NFKC", name).casefold()


def without_separators(name):
    """Without what separates words; a name that is nothing else stays."""
    return re.sub(r"[\s_-]+", "", name) or name


def singular(word):
    """The English singular, as far as the ending tells."""
    if len(word) < SHORTEST_PLURAL or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > SHORTEST_PLURAL:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word.removesuffix("s")


def one_letter_apart(words):
    """Pairs of words of which one letter was added, left out, replaced or exchanged with the next.

    Two such words are the same once a letter is deleted from each, or from one. So the words are
    indexed by what is left of them, and only those that share that are compared.
    """
    index = defaultdict(list)
    for word in words:
        if len(word) >= SHORTEST_MISSPELT - 1:
            for rest in {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}:
                index[rest].append(word)
    pairs = {pair for group in index.values() for pair in pairs_of(sorted(group))}
    return sorted(pair for pair in pairs if is_one_letter_apart(*pair))


def pairs_of(words):
    return ((one, other) for n, one in enumerate(words) for other in words[n + 1 :])


def is_one_letter_apart(one, other):
    """Whether two different words differ so, and not by a digit: 2023 is not a misspelt 2024."""
    start = len(commonprefix([one, other]))  # noqa: RUF071  (letter by letter is what is meant)
    rests = one[start:], other[start:]
    if max(len(one), len(other)) < SHORTEST_MISSPELT or any(rest[:1].isdigit() for rest in rests):
        return False
    added = rests[0] == rests[1][1:] or rests[0][1:] == rests[1]
    replaced = rests[0][1:] == rests[1][1:]
    exchanged = rests[0][:2] == rests[1][:2][::-1] and rests[0][2:] == rests[1][2:]
    return added or replaced or exchanged
