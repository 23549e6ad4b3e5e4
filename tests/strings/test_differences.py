"""What changed between two texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.strings.differences import AROUND, changed_fields, difference


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("", "", []),
        ("Same.", "Same.", []),
        ("", "New.", [("added", "New.")]),
        ("Old.", "", [("removed", "Old.")]),
        (
            "A small boat.",
            "A big boat.",
            [("same", "A "), ("removed", "small"), ("added", "big"), ("same", " boat.")],
        ),
        (
            "One.\nTwo.\nThree.",
            "One.\nTwo.\nFour.",
            [("same", "One.\nTwo.\n"), ("removed", "Three"), ("added", "Four"), ("same", ".")],
        ),
        ("naïve <b>", "naïve <i>", [("same", "naïve <"), ("removed", "b"), ("added", "i"), ("same", ">")]),
    ],
)
def test_words_that_changed_are_told_from_those_that_stayed(before, after, parts):
    assert difference(before, after) == parts


def test_what_stayed_far_from_a_change_is_left_out():
    before = "word " * 200 + "old" + " word" * 200

    parts = difference(before, before.replace("old", "new"))

    assert [part.change for part in parts] == ["gap", "same", "removed", "added", "same", "gap"]
    assert {len(part.text) for part in parts if part.change == "same"} == {AROUND}


@given(st.text("ab \n.", max_size=60), st.text("ab \n.", max_size=60))
def test_without_gaps_both_texts_can_be_read_from_it(before, after):
    parts = difference(before, after) or [("same", before)]

    assert "".join(text for change, text in parts if change != "added") == before
    assert "".join(text for change, text in parts if change != "removed") == after


def test_a_whole_book_in_one_line_is_compared_at_once():
    parts = difference("a " * 500_000, "b " * 500_000)

    assert [part.change for part in parts] == ["removed", "added"]


def test_fields_that_differ_are_named():
    before = {"body": "Same.", "tags": ["sea"], "is_draft": True, "series": None}
    after = {"body": "Same.", "tags": ["sea", "ship"], "is_draft": False, "series": 3}

    changes = changed_fields(
        before, after, {"tags": "Tags", "is_draft": "Draft", "series": "Series", "x": "X"}
    )

    assert [label for label, _ in changes] == ["Tags", "Draft", "Series"]
