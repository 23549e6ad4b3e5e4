"""Tag chips, with the keyboard."""

import pytest

from blog.models import Note
from tests.factories import make_note

pytestmark = pytest.mark.parametrize("width", [360, 1280])


@pytest.fixture
def form(author, width):
    """The form of a new note, with the focus on its tags."""
    author.set_viewport_size({"width": width, "height": 780})
    author.goto("/admin/blog/note/add/")
    author.get_by_label("Text:", exact=True).fill("Boats.")
    author.get_by_role("combobox", name="Tags").focus()
    return author


def chips(page):
    return page.locator(".tag-chips li span").all_inner_texts()


def test_tags_can_be_typed_chosen_and_removed(form, browser_errors):
    for tags in (["django", "databases"], ["django"], ["redjango"]):
        make_note(tags=tags)
    type_, press = form.keyboard.type, form.keyboard.press

    type_("sea, ")
    type_("dja")
    form.get_by_role("option").first.wait_for()
    options = form.get_by_role("option").all_inner_texts()
    press("ArrowDown")
    press("Enter")
    type_('"salt, pepper", wrong,')
    press("Backspace")

    assert options[0].split() == ["django", "2"], "the most used match comes first"
    assert chips(form) == ["sea", "django", "salt, pepper"]
    press("Tab")
    press("Shift+Tab")
    form.get_by_role("button", name="Save", exact=True).first.press("Enter")
    form.locator(".messagelist .success").wait_for()
    post = Note.objects.latest("pk")
    assert sorted(tag.name for tag in post.tags.all()) == ["django", "salt, pepper", "sea"]
    assert browser_errors == []


def test_enter_adds_a_tag_and_does_not_submit_the_form(form, browser_errors):
    form.keyboard.type("sea")
    form.keyboard.press("Enter")
    form.keyboard.type("SEA")
    form.keyboard.press("Enter")

    assert chips(form) == ["sea"]
    assert form.url.endswith("/add/")
    assert Note.objects.count() == 0
    assert browser_errors == []


def test_a_button_removes_a_chip(form, browser_errors):
    form.keyboard.type("sea, ship,")

    button = form.get_by_role("button", name="Remove sea")
    button.focus()
    button.press("Enter")

    assert chips(form) == ["ship"]
    assert form.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert browser_errors == []
