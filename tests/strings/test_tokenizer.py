import pytest

from blog.strings.tokenizer import MAX_TOKEN_LENGTH, fold, index_text, stem, tokenize


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("  …, —", []),
        ("Rain, 2024", ["rain", "2024"]),
        ("C++ and C# and F#", ["c++", "and", "c#", "and", "f#"]),
        ("a#b", ["a", "b"]),
        ("snake_case", ["snake", "case"]),
        ("Ada's don’t", ["ada", "dont"]),
        ("日本語 です", ["日", "本", "語", "て", "す"]),
        ("Rain🎉→", ["rain", "🎉", "→"]),
    ],
)
def test_text_is_split_into_words_cjk_characters_and_symbols(text, tokens):
    assert tokenize(text, language="") == tokens


@pytest.mark.parametrize("text", ["Straße", "STRASSE", "strasse"])
def test_case_is_folded(text):
    assert fold(text) == "strasse"


def test_accents_are_removed():
    assert fold("Ünïcödé") == "unicode"


@pytest.mark.parametrize(
    ("language", "tokens"),
    [
        ("en", ["run", "boat"]),
        ("en-GB", ["run", "boat"]),
        ("tlh", ["running", "boats"]),
        ("", ["running", "boats"]),
    ],
)
def test_tokens_are_stemmed_in_languages_with_a_stemmer(language, tokens):
    assert tokenize("Running boats", language) == tokens


def test_german_has_its_own_stemmer():
    assert stem("häuser", "de") == stem("häusern", "de") != "häuser"


def test_long_words_are_cut():
    assert tokenize("x" * 1000, language="") == ["x" * MAX_TOKEN_LENGTH]


def test_the_index_holds_the_first_tokens():
    assert index_text("one two three", max_tokens=2) == "one two"
