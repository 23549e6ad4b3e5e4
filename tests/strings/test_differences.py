import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.strings.differences import CONTEXT_LENGTH, changed_fields, diff


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
def test_changed_words_are_marked_as_removed_and_added(before, after, parts):
    assert diff(before, after) == parts


def test_unchanged_text_far_from_a_change_is_elided():
    before = "word " * 200 + "old" + " word" * 200

    parts = diff(before, before.replace("old", "new"))

    assert [part.change for part in parts] == ["gap", "same", "removed", "added", "same", "gap"]
    assert {len(part.text) for part in parts if part.change == "same"} == {CONTEXT_LENGTH}


@given(st.text("ab \n.", max_size=60), st.text("ab \n.", max_size=60))
def test_the_parts_add_up_to_both_texts(before, after):
    parts = diff(before, after) or [("same", before)]

    assert "".join(text for change, text in parts if change != "added") == before
    assert "".join(text for change, text in parts if change != "removed") == after


def test_a_very_long_line_is_not_compared_word_by_word():
    parts = diff("a " * 500_000, "b " * 500_000)

    assert [part.change for part in parts] == ["removed", "added"]


def test_changed_fields_are_listed_in_the_order_of_their_labels():
    before = {"body": "Same.", "tags": ["sea"], "is_draft": True, "series": None}
    after = {"body": "Same.", "tags": ["sea", "ship"], "is_draft": False, "series": 3}

    changes = changed_fields(
        before, after, {"tags": "Tags", "is_draft": "Draft", "series": "Series", "x": "X"}
    )

    assert [label for label, _ in changes] == ["Tags", "Draft", "Series"]
