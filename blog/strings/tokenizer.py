"""Words as search compares them: the same on every database, since no database is asked.

Pure functions. A text becomes tokens without spaces; the index holds tokens separated by
spaces, and a query is made of the same tokens.
"""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

#: Tokens that a long and a short text of a post add to the index: PostgreSQL has 16,383 places.
MAX_TOKENS = 15_000
MAX_TITLE_TOKENS = 390
MAX_TOKEN_LENGTH = 60

#: Each Chinese or Japanese character, since nothing separates their words; each symbol, such as
#: an emoji; the letters and digits of a word (C++, C# and F# keep their signs).
TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
    r"|[\u2190-\u2bff\U0001f000-\U0001faff]"
    r"|(?:(?![\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff])[^\W_])+(?:\+\+|\#(?!\w))?"
)

#: An apostrophe inside a word, with the s of a genitive.
APOSTROPHE = re.compile(r"(?<=\w)['’](?:s\b|(?=\w))", re.IGNORECASE)


def fold(text):
    """Without case and accents: Straße, STRASSE and strasse are one word (Unicode 15, 3.13 and 5.2)."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def tokenize(text, language="en"):
    """The tokens of the text in their order, folded and stemmed."""
    text = APOSTROPHE.sub("", text)
    return [stem(token[:MAX_TOKEN_LENGTH], language) for token in TOKEN.findall(fold(text))]


def index_text(text, language="en", max_tokens=MAX_TITLE_TOKENS):
    """The tokens of the text as the index holds them."""
    return " ".join(tokenize(text, language)[:max_tokens])


@lru_cache(maxsize=50_000)
def stem(token, language="en"):
    """What the forms of a word share. A language without a stemmer keeps its words whole."""
    algorithm = STEMMERS.get(language.split("-")[0])
    return _stemmer(algorithm).stemWord(token) if algorithm else token


@lru_cache
def _stemmer(algorithm):
    return snowballstemmer.stemmer(algorithm)


STEMMERS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "pt": "portuguese",
    "ru": "russian",
    "sv": "swedish",
}
