"""“Did you mean”: the words of the site that are nearly those that were looked for."""

from difflib import SequenceMatcher

from django.db.models import Count

from blog import words
from blog.models import Word
from blog.models.vocabulary import is_spelled, trigrams

MOST_CANDIDATES = 30
LEAST_LIKENESS = 0.7
MOST_CORRECTIONS = 3


def correct(text):
    """The text with its unknown words replaced by known ones, or None if nothing can be done.

    One query for all words, and one for each unknown word, of which the first three are tried.
    """
    spelled = [word for word in words.tokens(text, language="") if is_spelled(word)]
    known = set(Word.objects.filter(word__in=spelled).values_list("word", flat=True))
    unknown = [word for word in dict.fromkeys(spelled) if word not in known][:MOST_CORRECTIONS]
    corrections = {word: better for word in unknown if (better := nearest(word))}
    if not corrections:
        return None
    parts = (corrections.get(words.fold(part), part) for part in text.split())
    return " ".join(parts)


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
