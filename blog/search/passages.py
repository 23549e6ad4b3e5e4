"""The passage of a post that matches a search, with the matching words marked."""

from functools import lru_cache
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from blog.strings import tokenizer

from .query import Query

PASSAGE_WORDS = 40


@lru_cache(maxsize=20_000)
def tokens_of(word: str, language: str) -> list[str]:
    """Cache `tokenizer.tokenize()`, since texts repeat words. Callers must not change the result."""
    tokens: list[str] = tokenizer.tokenize(word, language)
    return tokens


def passage(text: str, query: Query, language: str = "en") -> SafeString:
    """Return the words of the plain text around its first match as HTML, each matching one in <mark>.

    Without a match, the beginning of the text.
    """
    wanted = {token for group in query.wanted for term in group for token in (*term.tokens, term.stem)}
    prefixes = tuple(term.tokens[-1] for group in query.wanted for term in group if term.is_prefix)

    def is_match(word: str) -> bool:
        found = tokens_of(word, language)
        begins = bool(prefixes) and any(token.startswith(prefixes) for token in found)
        return begins or not wanted.isdisjoint(found)

    words = text.split()
    first = next((n for n, word in enumerate(words) if is_match(word)), 0)
    start = max(0, first - PASSAGE_WORDS // 4)
    pieces: list[str] = []
    for matches, run in groupby(words[start : start + PASSAGE_WORDS], is_match):
        if matches:
            pieces += [format_html("<mark>{}</mark>", word) for word in run]
        else:
            pieces.append(" ".join(run))  # escaped below, in one call for many words
    before, after = "… " if start else "", " …" if start + PASSAGE_WORDS < len(words) else ""
    return format_html("{}{}{}", before, format_html_join(" ", "{}", ((piece,) for piece in pieces)), after)
