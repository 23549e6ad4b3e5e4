"""The tokenizer of the search index and of queries, independent of the database so that both agree."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

# Tokens indexed of a post's body, and of each of its short texts. PostgreSQL stores 16,383 positions.
MAX_TOKENS = 15_000
MAX_TITLE_TOKENS = 390
MAX_TOKEN_LENGTH = 60

# A token is a Chinese or Japanese character, since nothing separates their words; a symbol, such as an emoji;
# or the letters and digits of a word (C++, C# and F# keep their signs).
TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
    r"|[\u2190-\u2bff\U0001f000-\U0001faff]"
    r"|(?:(?![\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff])[^\W_])+(?:\+\+|\#(?!\w))?"
)

# An apostrophe inside a word, together with a possessive s.
APOSTROPHE = re.compile(r"(?<=\w)['’](?:s\b|(?=\w))", re.IGNORECASE)

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


def fold(text):
    """Remove case and accents: Straße, STRASSE and strasse are one word (Unicode 15, 3.13 and 5.2)."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def tokenize(text, language="en"):
    """Split a text into tokens, folded and stemmed. With language "" they are not stemmed."""
    text = APOSTROPHE.sub("", text)
    return [stem(token[:MAX_TOKEN_LENGTH], language) for token in TOKEN.findall(fold(text))]


def index_text(text, language="en", max_tokens=MAX_TITLE_TOKENS):
    """Return the first tokens of a text, separated by spaces, as the index stores them."""
    return " ".join(tokenize(text, language)[:max_tokens])


@lru_cache(maxsize=50_000)
def stem(token, language="en"):
    """Return the stem of a token; the token itself in a language without a stemmer."""
    algorithm = STEMMERS.get(language.split("-")[0])
    return _stemmer(algorithm).stemWord(token) if algorithm else token


@lru_cache
def _stemmer(algorithm):
    return snowballstemmer.stemmer(algorithm)
