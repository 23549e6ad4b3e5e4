"""Writing in a browser: the preview, and text that is never lost."""

import time

import pytest
from django.contrib.sessions.models import Session

from blog.models import Note, PreviewLink, WorkingCopy
from tests.factories import make_entry, make_note, utc

WIDTHS = pytest.mark.parametrize("width", [360, 1280])


def preview_of(page):
    return page.frame_locator("#preview iframe")


@WIDTHS
def test_the_preview_follows_typing_within_a_second(author, browser_errors, width):
    author.set_viewport_size({"width": width, "height": 780})
    author.goto("/admin/blog/note/add/")
    shown = preview_of(author).locator(".e-content")
    author.get_by_label("Text:", exact=True).fill("First.")
    shown.get_by_text("First.").wait_for()

    delays = []
    for words in ("some", "many", "even"):  # the machine may be busy once
        author.get_by_label("Text:", exact=True).press_sequentially(f" Then *{words}* more", delay=30)
        typed = time.monotonic()
        shown.get_by_text(f"Then {words} more").wait_for()
        delays.append(time.monotonic() - typed)

    print(f"The preview followed after {min(delays):.2f} s.")
    assert min(delays) < 1
    assert shown.locator("em").all_inner_texts() == ["some", "many", "even"]
    assert Note.objects.count() == 0
    assert author.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    form, preview = (author.locator(part).bounding_box() for part in ("#note_form", "#preview"))
    beside, below = (
        preview["x"] > form["x"] + form["width"] / 2,
        preview["y"] > form["y"] + form["height"] - 1,
    )
    assert (beside, below) == ((True, False) if width > 1000 else (False, True))
    assert browser_errors == []


def test_the_preview_keeps_its_scroll_position(author, browser_errors):
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
    assert browser_errors == []


def test_a_hidden_preview_stays_hidden(author, browser_errors):
    author.goto("/admin/blog/note/add/")
    author.get_by_role("button", name="Hide preview").press("Enter")

    author.goto("/admin/blog/entry/add/")

    assert author.locator("#preview").is_hidden()
    author.get_by_role("button", name="Show preview").press("Enter")
    author.get_by_label("Title:", exact=True).fill("Boats")
    preview_of(author).get_by_role("heading", name="Boats").wait_for()
    assert browser_errors == []


def test_the_preview_runs_no_scripts_and_opens_links_in_a_new_window(author, browser_errors):
    post = make_note(body="[Home](/) and <b>bold</b>", tags=["sea"])
    author.goto(f"/admin/blog/note/{post.pk}/change/")

    with author.context.expect_page() as opened:
        preview_of(author).get_by_role("link", name="Home", exact=True).click()

    assert opened.value.url.endswith("/")
    assert preview_of(author).locator("script").count() == 0
    assert author.get_by_label("Text:", exact=True).input_value() == "[Home](/) and <b>bold</b>"
    assert browser_errors == []


def test_images_in_the_preview_are_requested_without_a_referrer(author):
    requested = []

    def answer(route):
        requested.append(route.request.headers)
        route.fulfill(status=404)

    author.route("https://pictures.example/**", answer)
    author.goto("/admin/blog/note/add/")

    with author.expect_request("https://pictures.example/**"):
        author.get_by_label("Text:", exact=True).fill("![A boat](https://pictures.example/boat.png)")

    preview_of(author).get_by_role("img", name="A boat").wait_for()
    assert ["referer" in headers for headers in requested] == [False]


def test_the_form_says_when_a_scheduled_post_will_appear(author, browser_errors):
    author.goto("/admin/blog/note/add/")
    author.get_by_label("Text:", exact=True).fill("Later.")
    author.locator("#id_published_0").fill("2999-01-01")
    author.locator("#id_published_1").fill("08:30")

    outcome = author.locator("#outcome")
    outcome.get_by_text("This will be published on").wait_for()

    assert "Tuesday, 1 January 2999, 08:30 (UTC)" in outcome.inner_text()
    assert browser_errors == []


def state(page):
    return page.locator("#writing-state")


def offer(page, words):
    return page.locator("#unsaved li").filter(has_text=words)


def press_save(page):
    page.get_by_role("button", name="Save", exact=True).first.click()


def expire_sessions():
    Session.objects.all().delete()


def log_in(page):
    page.get_by_label("Username").fill("author")
    page.get_by_label("Password").fill("swordfish")
    page.get_by_role("button", name="Log in").click()


def number_of_local_copies(page):
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('weblog-unsaved:')).length")


def unexpected(browser_errors):
    """Leave out the requests that a test makes fail."""
    return [
        what
        for what in browser_errors
        if "ERR_INTERNET_DISCONNECTED" not in what and " 401 " not in f"{what} "
    ]


def test_typed_text_is_saved_on_the_server_and_offered_again(author, browser_errors):
    author.goto("/admin/blog/note/add/")
    author.get_by_label("Text:", exact=True).fill("Half a note, *typed*.")
    author.get_by_role("combobox", name="Tags").fill("sea, ship,")
    author.get_by_label("Draft").check()
    state(author).get_by_text("Unsaved changes stored on the server").wait_for()
    assert (Note.objects.count(), number_of_local_copies(author)) == (0, 0)

    author.goto("/admin/blog/note/add/")
    offer(author, "Half a note").get_by_role("button", name="Restore").press("Enter")
    author.locator(".tag-chips li").first.wait_for()

    assert author.get_by_label("Text:", exact=True).input_value() == "Half a note, *typed*."
    assert author.get_by_label("Draft").is_checked()
    preview_of(author).locator("em", has_text="typed").wait_for()
    press_save(author)
    author.locator(".messagelist .success").wait_for()
    note = Note.objects.get()
    assert (note.body, note.is_draft, sorted(note.tags.names())) == (
        "Half a note, *typed*.", True, ["sea", "ship"],
    )  # fmt: skip
    author.goto("/admin/blog/note/add/")
    author.wait_for_load_state("networkidle")
    assert author.locator("#unsaved li").count() == 0
    assert WorkingCopy.objects.count() == 0
    assert browser_errors == []


def test_a_half_typed_tag_is_saved_too(author, browser_errors):
    author.goto("/admin/blog/note/add/")
    author.get_by_role("combobox", name="Tags").fill("sea, shi")
    preview_of(author).get_by_role("link", name="shi").wait_for()
    state(author).get_by_text("Unsaved changes stored on the server").wait_for()

    author.goto("/admin/blog/note/add/")
    author.get_by_label("Text:", exact=True).fill("Words.")
    offer(author, "").get_by_role("button", name="Restore").click()
    author.locator(".tag-chips li").nth(1).wait_for()

    assert author.locator("#id_tags").input_value() == "sea, shi"
    assert browser_errors == []


def test_pressing_save_twice_creates_one_post(author, browser_errors):
    author.goto("/admin/blog/note/add/")
    author.get_by_label("Text:", exact=True).fill("Once.")

    author.get_by_role("button", name="Save", exact=True).first.dblclick()
    author.locator(".messagelist .success").wait_for()

    assert Note.objects.get().body == "Once."
    assert unexpected(browser_errors) == []


def test_keys_save_and_stay_or_save_and_leave(author, browser_errors):
    author.goto("/admin/blog/note/add/")
    author.get_by_label("Draft").check()
    author.get_by_label("Text:", exact=True).fill("One.")
    author.keyboard.press("Control+s")
    author.wait_for_url("**/change/")
    assert Note.objects.get().body == "One."

    author.get_by_label("Text:", exact=True).fill("Two.")
    author.keyboard.press("Control+Enter")
    author.wait_for_url("**/admin/blog/note/")

    assert Note.objects.get().body == "Two."
    assert browser_errors == []


def test_discarded_text_is_not_offered_again(author, browser_errors):
    author.goto("/admin/blog/note/add/")
    author.get_by_label("Text:", exact=True).fill("Nothing much.")
    state(author).get_by_text("Unsaved changes stored on the server").wait_for()
    author.goto("/admin/blog/note/add/")

    offer(author, "Nothing much").get_by_role("button", name="Discard").click()
    author.locator("#unsaved").wait_for(state="hidden")

    assert WorkingCopy.objects.count() == 0
    assert browser_errors == []


def test_text_survives_while_the_server_is_unreachable(author, browser_errors):
    post = make_note(body="Before.", published=utc(2024, 6, 1))
    author.goto(f"/admin/blog/note/{post.pk}/change/")
    author.wait_for_load_state("networkidle")
    author.context.set_offline(True)

    author.get_by_label("Text:", exact=True).fill("Typed while the server was away.")
    state(author).get_by_text("Can't reach the server. Your text is kept in this browser.").wait_for()
    press_save(author)
    state(author).get_by_text("It will be saved as soon as possible.").wait_for()
    assert Note.objects.get().body == "Before."
    author.context.set_offline(False)

    author.locator(".messagelist .success").wait_for()
    assert Note.objects.get().body == "Typed while the server was away."
    assert number_of_local_copies(author) == 0
    assert unexpected(browser_errors) == []


def test_text_survives_a_closed_window_while_the_server_is_unreachable(author, browser_errors):
    author.goto("/admin/blog/entry/add/")
    author.wait_for_load_state("networkidle")
    author.context.set_offline(True)
    author.get_by_label("Title:", exact=True).fill("Boats")
    author.get_by_label("Text:", exact=True).fill("Typed in a window that is closed now.")
    author.goto("about:blank")
    author.context.set_offline(False)

    author.goto("/admin/blog/entry/add/")
    offer(author, "Typed in a window").get_by_role("button", name="Restore").click()
    preview_of(author).get_by_role("heading", name="Boats").wait_for()

    assert author.get_by_label("Text:", exact=True).input_value() == "Typed in a window that is closed now."
    assert unexpected(browser_errors) == []


@pytest.mark.parametrize("cookies", ["kept", "gone"])
def test_text_survives_an_expired_session(author, browser_errors, cookies):
    author.goto("/admin/blog/note/add/")
    author.get_by_label("Text:", exact=True).fill("Typed before")
    state(author).get_by_text("Unsaved changes stored on the server").wait_for()
    expire_sessions()
    if cookies == "gone":
        author.context.clear_cookies()

    author.get_by_label("Text:", exact=True).press_sequentially(" and after.")
    press_save(author)
    state(author).get_by_text("You are logged out. Your text is kept in this browser.").wait_for()
    with author.context.expect_page() as opened:
        state(author).get_by_role("link", name="Log in").click()
    log_in(opened.value)
    opened.value.get_by_text("You are logged in. Close this window").wait_for()
    opened.value.close()

    author.locator(".messagelist .success").wait_for()
    assert Note.objects.get().body == "Typed before and after."
    assert (WorkingCopy.objects.count(), number_of_local_copies(author)) == (0, 0)
    assert unexpected(browser_errors) == []


def test_text_survives_a_submission_after_the_session_expired(author, browser_errors):
    author.goto("/admin/blog/note/add/")
    author.get_by_label("Text:", exact=True).fill("Typed before it expired.")
    state(author).get_by_text("Unsaved changes stored on the server").wait_for()
    expire_sessions()
    author.evaluate("document.getElementById('note_form').submit()")
    log_in(author)

    author.goto("/admin/blog/note/add/")
    offer(author, "Typed before it expired").get_by_role("button", name="Restore").click()

    author.locator("#unsaved").wait_for(state="hidden")
    assert author.get_by_label("Text:", exact=True).input_value() == "Typed before it expired."
    assert unexpected(browser_errors) == []


def test_a_conflict_between_two_windows_keeps_both_texts(author, browser_errors):
    post = make_note(body="A small boat.", published=utc(2024, 6, 1))
    second = author.context.new_page()
    for window in (author, second):
        window.goto(f"/admin/blog/note/{post.pk}/change/")
    second.get_by_label("Text:", exact=True).fill("A big boat.")
    press_save(second)
    second.locator(".messagelist .success").wait_for()

    author.get_by_label("Text:", exact=True).fill("A fast boat.")
    press_save(author)
    author.get_by_role("heading", name="The saved version compared with yours").wait_for()

    assert Note.objects.get().body == "A big boat."
    assert author.get_by_label("Text:", exact=True).input_value() == "A fast boat."
    assert author.locator(".conflict .difference del").inner_text() == "big"
    assert author.locator(".conflict .difference ins").inner_text() == "fast"
    author.get_by_role("button", name="Overwrite with mine").click()
    author.locator(".messagelist .success").wait_for()
    assert Note.objects.get().body == "A fast boat."
    author.goto(f"/admin/blog/note/{post.pk}/history/")
    assert author.locator("#revisions > ol > li").count() == 3
    assert browser_errors == []


def test_restoring_over_typed_text_keeps_both(author, browser_errors):
    author.goto("/admin/blog/note/add/")
    author.get_by_label("Text:", exact=True).fill("The first text.")
    state(author).get_by_text("Unsaved changes stored on the server").wait_for()
    author.goto("/admin/blog/note/add/")
    author.get_by_label("Text:", exact=True).fill("The second text.")
    offer(author, "The first text").get_by_role("button", name="Restore").click()
    author.locator("#unsaved").wait_for(state="hidden")
    assert author.get_by_label("Text:", exact=True).input_value() == "The first text."
    press_save(author)
    author.locator(".messagelist .success").wait_for()

    author.goto("/admin/blog/note/add/")

    offer(author, "The second text").wait_for()
    assert browser_errors == []


def test_a_preview_link_is_created_and_revoked_without_leaving_the_form(author, browser_errors):
    post = make_note(body="Before.", is_draft=True)
    author.goto(f"/admin/blog/note/{post.pk}/change/")
    author.get_by_role("textbox", name="Text:", exact=True).fill("Unsaved text.")

    author.get_by_role("button", name="Create a link").press("Enter")
    address = author.get_by_label("Anyone with this link").input_value()

    assert address.endswith(f"/drafts/{PreviewLink.objects.get().token}/")
    assert author.get_by_role("textbox", name="Text:", exact=True).input_value() == "Unsaved text."
    author.get_by_role("button", name="Revoke the link").press("Enter")
    author.get_by_role("button", name="Create a link").wait_for()
    assert not PreviewLink.objects.exists()
    assert browser_errors == []
