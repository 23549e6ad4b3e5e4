"""What a bookmarklet or a share sheet tells, and what the kinds of post make of it."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from blog import markup
from blog.authoring.capture import Capture, as_markdown, carry, compose

PAGE = "https://example.com/boats"


def captured(**query):
    return Capture.of(query)


def test_what_the_bookmarklet_says_is_taken_as_it_is():
    told = {
        "url": PAGE,
        "title": "Boats",
        "text": "They float.",
        "via": "https://example.org/",
        "site": "Harbour",
    }

    assert captured(**told) == Capture(**told)


@pytest.mark.parametrize(
    ("query", "url", "title", "text"),
    [
        ({"title": "Boats", "text": PAGE}, PAGE, "Boats", ""),
        ({"text": f"Boats {PAGE}"}, PAGE, "", "Boats"),
        ({"text": f"They float (see {PAGE})."}, PAGE, "", "They float (see )."),
        ({"title": f"Boats {PAGE}"}, PAGE, "Boats", ""),
        ({"text": f"“They float.”\n {PAGE}#:~:text=float"}, f"{PAGE}#:~:text=float", "", "“They float.”"),
        ({"url": PAGE, "text": PAGE, "title": PAGE}, PAGE, "", ""),
        ({"url": PAGE, "text": f"As {PAGE} says"}, PAGE, "", f"As {PAGE} says"),
        ({"title": "  A \n title "}, "", "A title", ""),
        ({"url": "boats", "text": "javascript:alert(1)"}, "", "", "javascript:alert(1)"),
        ({"url": "javascript:alert(1)"}, "", "", ""),
        ({"url": f"https://example.com/{'a' * 3000}"}, "", "", ""),
        ({}, "", "", ""),
    ],
)  # fmt: skip
def test_phones_put_the_address_anywhere(query, url, title, text):
    found = captured(**query)

    assert (found.url, found.title, found.text) == (url, title, text)


@pytest.mark.parametrize(
    ("via", "is_kept"),
    [
        ("https://example.org/today", True),
        ("https://news.example.com/", True),
        ("https://www.example.com/other", False),
        ("https://www.google.co.uk/", False),
        ("https://duckduckgo.com/", False),
        ("https://googleplex.example/", True),
        ("android-app://com.example/", False),
        ("", False),
    ],
)
def test_what_may_be_a_via(via, is_kept):
    assert captured(url=PAGE, via=via).via == (via if is_kept else "")


def test_another_address_is_offered_when_it_is_another_page():
    assert captured(url=PAGE, canonical="https://example.com/ships").canonical == "https://example.com/ships"
    assert captured(url=PAGE, canonical="http://www.example.com/boats/#top").canonical == ""


def test_the_selection_becomes_what_the_kind_is_made_of():
    page = captured(url=f"{PAGE}_(b)", title="Boats [new]", text="One.\n\nTwo *stars*.")

    assert page.text_for("blogmark") == "> One.\n>\n> Two \\*stars\\*."
    assert page.text_for("quotation") == "One.\n\nTwo \\*stars\\*."
    assert page.text_for("note") == (
        f"[Boats \\[new\\]]({PAGE}_%28b%29)\n\n> One.\n>\n> Two \\*stars\\*."
    )  # fmt: skip


@pytest.mark.parametrize(
    "plain",
    [
        "__init__ and snake_case and a_b_c",
        "2 * 3 * 4, **bold**",
        "<script>alert(1)</script> & &amp; a < b",
        "[a](b) ![c](d)",
        "`code` and \\ backslash",
        "# no heading",
        "> no quotation",
    ],
)
def test_what_was_selected_reads_as_it_did(plain):
    html = markup.render(as_markdown(plain), markup.Format.MARKDOWN)

    assert markup.plain(html).strip() == plain
    assert html.startswith("<p>")


@given(st.text(max_size=60), st.sampled_from(["blogmark", "quotation", "note"]))
def test_any_selection_makes_a_text(text, kind):
    Capture.of(QueryDict(mutable=True) | {"text": text, "url": PAGE, "title": text}).text_for(kind)


KINDS = ["blogmark", "quotation", "note"]


@pytest.mark.parametrize("first", KINDS)
@pytest.mark.parametrize("second", KINDS)
@pytest.mark.parametrize("selection", ["One.\n\nTwo.", ""])
def test_a_text_that_was_typed_survives_every_change_of_kind(first, second, selection):
    def parts(kind):
        return compose(kind, selection, PAGE, "Boats")

    text = f"Before. {parts(first)}\n\nAfter."

    there = carry(text, parts(first), parts(second))
    back = carry(there, parts(second), parts(first))

    assert "Before." in there
    assert "After." in there
    assert parts(second) in there
    assert sorted(back.split()) == sorted(text.split())


def test_a_quotation_that_was_edited_is_left_as_it_is():
    assert carry("> One, edited.", "> One.", "One.") == "> One, edited."
