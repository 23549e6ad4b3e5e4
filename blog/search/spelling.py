"""“Did you mean”: the words of the site that are nearly those that were looked for."""

import re
from difflib import SequenceMatcher

from django.db.models import Count

from blog.models import Word
from blog.models.search_index import is_spell_checked, trigrams
from blog.strings import tokenizer

MOST_CANDIDATES = 30
LEAST_LIKENESS = 0.7
MOST_CORRECTIONS = 3

#: A run of letters in what was typed, unless it is the name of a filter (`type:note`).
LETTERS = re.compile(r"(?<!\w)[^\W\d_]+(?!\w|:\S)")


def correct(text):
    """The text with its unknown words replaced by known ones, or None if nothing can be done.

    One query for all words, and one for each unknown word, of which the first three are tried.
    """
    spelled = [word for typed in LETTERS.findall(text) if is_spell_checked(word := tokenizer.fold(typed))]
    known = set(Word.objects.filter(word__in=spelled).values_list("word", flat=True))
    unknown = [word for word in dict.fromkeys(spelled) if word not in known][:MOST_CORRECTIONS]
    corrections = {word: better for word in unknown if (better := nearest(word))}
    better = LETTERS.sub(lambda typed: corrections.get(tokenizer.fold(typed[0]), typed[0]), text)
    return better if corrections else None


def nearest(word):
    """The known word that is most like this one, if any is like it."""
    groups = trigrams(word)
    candidates = (
        Word.objects.filter(trigrams__text__in=groups)
        .annotate(shared=Count("pk"))
        .order_by("-shared", "word")
        .values_list("word", flat=True)[:MOST_CANDIDATES]
    )
    likeness = {other: SequenceMatcher(None, word, other).ratio() for other in candidates}
    best = max(likeness, key=likeness.get, default=None)
    return best if best and likeness[best] >= LEAST_LIKENESS else None
