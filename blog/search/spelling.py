"""“Did you mean”: known words of the site that resemble the unknown words of a search."""

import re
from difflib import SequenceMatcher

from django.db.models import Count

from blog.models import Word
from blog.models.search_index import is_spell_checked, trigrams
from blog.strings import tokenizer

MAX_CANDIDATES = 30
MIN_SIMILARITY = 0.7
MAX_CORRECTIONS = 3

#: A run of letters, unless it is the name of a filter (`type:note`).
LETTERS = re.compile(r"(?<!\w)[^\W\d_]+(?!\w|:\S)")


def correct(text: str) -> str | None:
    """Return the text with unknown words replaced by similar known ones, or None if there are none.

    Runs one query for all words, and one for each of the first `MAX_CORRECTIONS` unknown words.
    """
    spelled = [word for typed in LETTERS.findall(text) if is_spell_checked(word := tokenizer.fold(typed))]
    known = set(Word.objects.filter(word__in=spelled).values_list("word", flat=True))
    unknown = [word for word in dict.fromkeys(spelled) if word not in known][:MAX_CORRECTIONS]
    corrections = {word: better for word in unknown if (better := nearest(word))}
    corrected = LETTERS.sub(lambda typed: corrections.get(tokenizer.fold(typed[0]), typed[0]), text)
    return corrected if corrections else None


def nearest(word: str) -> str | None:
    """Return the known word most similar to this one, or None if none reaches `MIN_SIMILARITY`."""
    groups = trigrams(word)
    candidates = (
        Word.objects.filter(trigrams__text__in=groups)
        .annotate(shared=Count("pk"))
        .order_by("-shared", "word")
        .values_list("word", flat=True)[:MAX_CANDIDATES]
    )
    similarity = {other: SequenceMatcher(None, word, other).ratio() for other in candidates}
    best = max(similarity, key=lambda other: similarity[other], default=None)
    return best if best and similarity[best] >= MIN_SIMILARITY else None
