"""Parsing what a bookmarklet or a share sheet sends, and composing a post's text from it."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from blog import markup
from blog.authoring.capture import Capture, as_markdown, capturable_kinds, carry, compose
from blog.models.post_kind import CaptureStyle

PAGE = "https://example.com/boats"


def parse(**query):
    return Capture.from_query(query)


def test_the_parameters_of_the_bookmarklet_are_taken_unchanged():
    query = {
        "url": PAGE,
        "title": "Boats",
        "text": "They float.",
        "via": "https://example.org/",
        "site": "Harbour",
    }

    assert parse(**query) == Capture(**query)


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
def test_the_url_is_found_wherever_a_phone_puts_it(query, url, title, text):
    capture = parse(**query)

    assert (capture.url, capture.title, capture.text) == (url, title, text)


@pytest.mark.parametrize(
    ("via", "is_plausible"),
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
def test_only_another_site_that_is_no_search_engine_can_be_the_via(via, is_plausible):
    assert parse(url=PAGE, via=via).via == (via if is_plausible else "")


def test_the_canonical_url_is_offered_only_if_it_is_another_page():
    assert parse(url=PAGE, canonical="https://example.com/ships").canonical == "https://example.com/ships"
    assert parse(url=PAGE, canonical="http://www.example.com/boats/#top").canonical == ""


def test_the_text_is_composed_in_the_style_of_the_kind():
    page = parse(url=f"{PAGE}_(b)", title="Boats [new]", text="One.\n\nTwo *stars*.")

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
def test_escaped_text_renders_literally(plain):
    html = markup.render(as_markdown(plain), markup.Format.MARKDOWN)

    assert markup.plain(html).strip() == plain
    assert html.startswith("<p>")


@given(st.text(max_size=60), st.sampled_from(list(capturable_kinds())))
def test_any_selection_can_be_composed(text, kind):
    Capture.from_query(QueryDict(mutable=True) | {"text": text, "url": PAGE, "title": text}).text_for(kind)


@pytest.mark.parametrize("first", CaptureStyle)
@pytest.mark.parametrize("second", CaptureStyle)
@pytest.mark.parametrize("selection", ["One.\n\nTwo.", ""])
def test_typed_text_survives_every_change_of_style(first, second, selection):
    def composed(style):
        return compose(style, selection, PAGE, "Boats")

    text = f"Before. {composed(first)}\n\nAfter."

    changed = carry(text, composed(first), composed(second))
    back = carry(changed, composed(second), composed(first))

    assert "Before." in changed
    assert "After." in changed
    assert composed(second) in changed
    assert sorted(back.split()) == sorted(text.split())


def test_an_edited_blockquote_is_left_alone():
    assert carry("> One, edited.", "> One.", "One.") == "> One, edited."


@pytest.mark.parametrize(
    ("url", "kinds", "default"),
    [
        (PAGE, ["blogmark", "quotation", "note"], "blogmark"),
        ("", ["blogmark", "quotation", "note"], "note"),
        (PAGE, ["note"], "note"),
        ("", ["blogmark", "quotation"], "quotation"),
    ],
)
def test_the_default_kind_stores_a_url_if_there_is_one(url, kinds, default):
    allowed = {name: kind for name, kind in capturable_kinds().items() if name in kinds}

    assert Capture(url=url).default_kind(allowed) == default
