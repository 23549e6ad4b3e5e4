"""The text composed from a captured page is the same on the server and in the browser."""

import json
import random
from pathlib import Path

import pytest

from blog.authoring import capture
from blog.models.post_kind import CaptureStyle
from tests.helpers.javascript import call_exported

SCRIPT = "admin-captured-text.js"
CASES = json.loads((Path(__file__).parent.parent / "data/captured_text.json").read_text())
#: (name in Python, name in JavaScript, names of the arguments, name of the result)
FUNCTIONS = [
    ("as_markdown", "asMarkdown", ("plain",), "markdown"),
    ("compose", "compose", ("style", "selection", "url", "title"), "text"),
    ("carry", "carry", ("text", "old", "new"), "result"),
]


@pytest.mark.parametrize(("python", "javascript", "arguments", "result"), FUNCTIONS)
def test_the_server_composes_the_text_of_the_table(python, javascript, arguments, result):
    function = getattr(capture, python)

    assert [function(*(case[name] for name in arguments)) for case in CASES[python]] == [
        case[result] for case in CASES[python]
    ]


@pytest.mark.parametrize(("python", "javascript", "arguments", "result"), FUNCTIONS)
def test_the_browser_composes_the_text_of_the_table(python, javascript, arguments, result):
    calls = [[case[name] for name in arguments] for case in CASES[python]]

    assert call_exported(SCRIPT, javascript, calls) == [case[result] for case in CASES[python]]


def test_the_table_has_every_style():
    assert {case["style"] for case in CASES["compose"]} == set(CaptureStyle)


def test_server_and_browser_escape_random_texts_alike():
    pick = random.Random(1)
    texts = ["".join(pick.choices("aé_*#>&<;/ \\`[]\n1", k=12)) for _ in range(2000)]

    assert call_exported(SCRIPT, "asMarkdown", [[text] for text in texts]) == [
        capture.as_markdown(text) for text in texts
    ]
