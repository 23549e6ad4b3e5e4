"""A tags field is parsed and written the same way on the server and in the browser."""

import json
import random
from pathlib import Path

import pytest

from blog.strings import tag_names
from tests.helpers.javascript import call_exported

SCRIPT = "admin-tag-parsing.js"
CASES = json.loads((Path(__file__).parent.parent / "data/tag_parsing.json").read_text())


@pytest.mark.parametrize("case", CASES["parse"], ids=lambda case: case["text"])
def test_the_server_parses_the_names_of_the_table(case):
    assert tag_names.parse(case["text"]) == case["names"]


@pytest.mark.parametrize("case", CASES["edit_string"], ids=lambda case: case["text"])
def test_the_server_writes_the_edit_string_of_the_table(case):
    assert tag_names.edit_string(case["names"]) == case["text"]


def test_the_browser_parses_the_names_of_the_table():
    """In the order in which they are typed, while the server sorts them."""
    parsed = call_exported(SCRIPT, "parse", [[case["text"]] for case in CASES["parse"]])

    assert [sorted(names) for names in parsed] == [case["names"] for case in CASES["parse"]]


def test_the_browser_writes_the_edit_string_of_the_table():
    written = call_exported(SCRIPT, "editString", [[case["names"]] for case in CASES["edit_string"]])

    assert written == [case["text"] for case in CASES["edit_string"]]


def test_server_and_browser_parse_random_texts_alike():
    pick = random.Random(1)
    texts = ["".join(pick.choices('ab ,"\n', k=12)) for _ in range(2000)]

    parsed = call_exported(SCRIPT, "parse", [[text] for text in texts])

    assert [sorted(names) for names in parsed] == [tag_names.parse(text) for text in texts]


@pytest.mark.parametrize(
    ("typed", "names", "rest"),
    [
        ("sea", [], "sea"),
        ("sea,", ["sea"], ""),
        ("sea, wind", ["sea"], "wind"),
        ('"salt, sw', [], '"salt, sw'),
        ('"salt, sweet", s', ["salt, sweet"], "s"),
        ('"5"" disk",', ['5" disk'], ""),
        (", ,sea,", ["sea"], ""),
    ],
)
def test_the_browser_takes_the_names_that_a_comma_ends(typed, names, rest):
    assert call_exported(SCRIPT, "takeComplete", [[typed]]) == [[names, rest]]


def test_the_browser_drops_names_that_differ_only_in_case():
    assert call_exported(SCRIPT, "parse", [["sea, Sea, SEA, wind"]]) == [["sea", "wind"]]
