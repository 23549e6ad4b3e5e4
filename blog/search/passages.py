"""The passage of a post that a search matched, with the words marked."""

from functools import lru_cache
from itertools import groupby

from django.utils.html import escape, format_html, format_html_join

from blog.strings import tokenizer

PASSAGE_WORDS = 40


@lru_cache(maxsize=20_000)
def tokens_of(word, language):
    """As `words.tokens()`: texts have the same words again and again."""
    return tokenizer.tokenize(word, language)


def passage(text, query, language="en"):
    """Some words of the plain text around the first match, as HTML with <mark>.

    The beginning of the text where no word of it was asked for.
    """
    wanted = {token for group in query.wanted for term in group for token in (*term.tokens, term.stem)}
    prefixes = tuple(term.tokens[-1] for group in query.wanted for term in group if term.is_prefix)

    def is_match(word):
        found = tokens_of(word, language)
        begins = prefixes and any(token.startswith(prefixes) for token in found)
        return begins or not wanted.isdisjoint(found)

    parts = text.split()
    first = next((n for n, word in enumerate(parts) if is_match(word)), 0)
    start = max(0, first - PASSAGE_WORDS // 4)
    shown = parts[start : start + PASSAGE_WORDS]
    pieces = []
    for matches, run in groupby(shown, is_match):
        if matches:
            pieces += [format_html("<mark>{}</mark>", word) for word in run]
        else:
            pieces.append(escape(" ".join(run)))
    before, after = "… " if start else "", " …" if start + PASSAGE_WORDS < len(parts) else ""
    return format_html("{}{}{}", before, format_html_join(" ", "{}", ((piece,) for piece in pieces)), after)
