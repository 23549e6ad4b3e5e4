"""Names of tags, as authors type them."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st
from taggit.utils import _parse_tags

from blog.strings.tag_names import MAX_NAME_LENGTH, edit_string, parse, tag_slug, validate


@given(st.text(alphabet='ab ,"\n', max_size=30).filter(lambda text: '""' not in text))
@example('a "b, c" d')
@example('"a,b" "c')
def test_with_a_comma_and_without_doubled_quotes_it_means_what_it_means_to_taggit(text):
    text = f"{text},"

    assert parse(text) == _parse_tags(text)


@given(st.sets(st.text(min_size=1, max_size=20).map(str.strip).filter(bool)))
@example({'"', '""', 'a"b', '"a"', "a, b", "a  b", ",", "a\xa0b"})
def test_what_is_written_is_read_back(names):
    assert parse(edit_string(names)) == sorted(names)


@pytest.mark.parametrize(
    "name", ["+", "🎉", "-_-", "a+b", "C#", "a/b", "<b>", "?", "x" * MAX_NAME_LENGTH, "Ünïcödé"]
)
def test_any_other_name_will_do(name):
    validate(name)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("x" * (MAX_NAME_LENGTH + 1), "longer than 100 characters"),
        ("a\x00b", "“a�b” has a control character"),
        ("a\nb", "control character"),
        ("a\x85b", "control character"),
        ("a\uffffb", "control character"),
    ],
)
def test_names_that_cannot_work_are_refused(name, says):
    with pytest.raises(ValidationError, match=says):
        validate(name)


@pytest.mark.parametrize(
    ("name", "slug"),
    [("sea salt", "sea-salt"), ("C++", "c-plus-plus"), ("c#", "c-sharp"), ("Größe", "größe"), ("🎉", "")],
)
def test_a_slug_has_letters_digits_and_hyphens(name, slug):
    assert tag_slug(name) == slug
