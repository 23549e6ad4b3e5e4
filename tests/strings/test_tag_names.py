import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st
from taggit.utils import _parse_tags

from blog.strings.tag_names import MAX_NAME_LENGTH, edit_string, parse, tag_slug, validate


@given(st.text(alphabet='ab ,"\n', max_size=30).filter(lambda text: '""' not in text))
@example('a "b, c" d')
@example('"a,b" "c')
def test_a_text_with_a_comma_and_no_doubled_quotes_is_parsed_as_taggit_does(text):
    text = f"{text},"

    assert parse(text) == _parse_tags(text)


@given(st.sets(st.text(min_size=1, max_size=20).map(str.strip).filter(bool)))
@example({'"', '""', 'a"b', '"a"', "a, b", "a  b", ",", "a\xa0b"})
def test_the_edit_string_parses_back_to_the_same_names(names):
    assert parse(edit_string(names)) == sorted(names)


@pytest.mark.parametrize(
    "name", ["+", "🎉", "-_-", "a+b", "C#", "a/b", "<b>", "?", "x" * MAX_NAME_LENGTH, "Ünïcödé"]
)
def test_unusual_names_are_valid(name):
    validate(name)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("x" * (MAX_NAME_LENGTH + 1), "at most 100 characters"),
        ("a\x00b", "“a�b” contains a control character"),
        ("a\nb", "control character"),
        ("a\x85b", "control character"),
        ("a\uffffb", "control character"),
    ],
)
def test_long_names_and_control_characters_are_refused(name, message):
    with pytest.raises(ValidationError, match=message):
        validate(name)


@pytest.mark.parametrize(
    ("name", "slug"),
    [("sea salt", "sea-salt"), ("C++", "c-plus-plus"), ("c#", "c-sharp"), ("Größe", "größe"), ("🎉", "")],
)
def test_a_slug_consists_of_letters_digits_and_hyphens(name, slug):
    assert tag_slug(name) == slug
