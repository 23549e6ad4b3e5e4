"""Writing in a real browser: the preview, and that nothing typed is ever lost."""

import time

import pytest

from blog.models import Note
from tests.factories import make_entry, make_note, utc

WIDTHS = pytest.mark.parametrize("width", [360, 1280])


def preview_of(page):
    return page.frame_locator("#preview iframe")


@WIDTHS
def test_the_preview_follows_the_typing_within_a_second(author, complaints, width):
    author.set_viewport_size({"width": width, "height": 780})
    author.goto("/admin/blog/note/add/")
    shown = preview_of(author).locator(".e-content")
    author.get_by_label("Text").fill("First.")
    shown.get_by_text("First.").wait_for()

    author.get_by_label("Text").press_sequentially(" Then *some* more words", delay=30)
    typed = time.monotonic()
    shown.get_by_text("First. Then some more words").wait_for()
    took = time.monotonic() - typed

    print(f"The preview followed after {took:.2f} s.")
    assert took < 1
    assert shown.locator("em").inner_text() == "some"
    assert Note.objects.count() == 0
    assert author.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    form, preview = (author.locator(part).bounding_box() for part in ("#note_form", "#preview"))
    beside, below = (
        preview["x"] > form["x"] + form["width"] / 2,
        preview["y"] > form["y"] + form["height"] - 1,
    )
    assert (beside, below) == ((True, False) if width > 1000 else (False, True))
    assert complaints == []


def test_the_preview_stays_where_it_was_scrolled_to(author, complaints):
    author.set_viewport_size({"width": 1280, "height": 700})
    post = make_entry(body="\n\n".join(f"Paragraph {n}." for n in range(80)), published=utc(2024, 6, 1))
    author.goto(f"/admin/blog/entry/{post.pk}/change/")
    shown = preview_of(author)
    shown.get_by_text("Paragraph 79.").scroll_into_view_if_needed()
    scrolled = shown.locator("html").evaluate("html => html.scrollTop")

    author.get_by_label("Title:", exact=True).fill("Another title")
    shown.get_by_role("heading", name="Another title").wait_for()

    assert scrolled > 300
    assert shown.locator("html").evaluate("html => html.scrollTop") == scrolled
    assert complaints == []


def test_the_preview_can_be_hidden_and_stays_so(author, complaints):
    author.goto("/admin/blog/note/add/")
    author.get_by_role("button", name="Hide preview").press("Enter")

    author.goto("/admin/blog/entry/add/")

    assert author.locator("#preview").is_hidden()
    author.get_by_role("button", name="Show preview").press("Enter")
    author.get_by_label("Title:", exact=True).fill("Boats")
    preview_of(author).get_by_role("heading", name="Boats").wait_for()
    assert complaints == []


def test_nothing_in_the_preview_runs_or_leads_the_window_away(author, complaints):
    post = make_note(body="[Home](/) and <b>bold</b>", tags=["sea"])
    author.goto(f"/admin/blog/note/{post.pk}/change/")

    with author.context.expect_page() as opened:
        preview_of(author).get_by_role("link", name="Home", exact=True).click()

    assert opened.value.url.endswith("/")
    assert preview_of(author).locator("script").count() == 0
    assert author.get_by_label("Text").input_value() == "[Home](/) and <b>bold</b>"
    assert complaints == []


def test_the_form_says_when_a_scheduled_post_will_appear(author, complaints):
    author.goto("/admin/blog/note/add/")
    author.get_by_label("Text").fill("Later.")
    author.locator("#id_published_0").fill("2999-01-01")
    author.locator("#id_published_1").fill("08:30")

    outcome = author.locator("#outcome")
    outcome.get_by_text("It will appear by itself on").wait_for()

    assert "Tuesday, 1 January 2999, 08:30 (UTC)" in outcome.inner_text()
    assert complaints == []
