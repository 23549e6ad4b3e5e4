"""The publish check in the form, between Save and the public post."""

import pytest

from blog.models import Post
from blog.remote.fetching import FetchError, Response
from tests.factories import make_entry, make_note, make_tag

BODY = "Text:"


@pytest.fixture
def form(author):
    author.goto("/admin/blog/note/add/")
    return author


def press_save(page):
    page.get_by_role("button", name="Save", exact=True).first.click()


def panel(page):
    return page.get_by_role("region", name="Before you publish")


def saved(page):
    page.locator(".messagelist .success").wait_for()
    return Post.objects.get(kind="note")


def test_nothing_forgotten_is_saved_at_once(form, browser_errors):
    form.get_by_label(BODY, exact=True).fill("Words.")

    press_save(form)

    assert saved(form).body == "Words."
    assert browser_errors == []


def test_a_finding_selects_its_passage_and_a_click_fixes_it(form, browser_errors):
    form.get_by_label(BODY, exact=True).fill("First.\n\n![](/icon.png)\n\n[ ](/b)")

    press_save(form)
    panel(form).get_by_role("button", name="A link has no text").click()
    selected = form.evaluate(
        "() => { const a = document.activeElement; return a.value.slice(a.selectionStart, a.selectionEnd); }"
    )
    panel(form).get_by_role("button", name="Mark as decorative").click()
    panel(form).get_by_role("button", name="Publish anyway").click()

    assert selected == "[ ](/b)"
    assert saved(form).body.replace("\r", "") == 'First.\n\n<img src="/icon.png" alt="">\n\n[ ](/b)'


def test_pressing_save_again_saves(form):
    form.get_by_label(BODY, exact=True).fill("![](/icon.png)")

    press_save(form)
    panel(form).get_by_role("button", name="An image has no alt text").wait_for()
    assert not Post.objects.exists()
    press_save(form)

    assert saved(form).body == "![](/icon.png)"


def test_a_public_post_is_asked_only_about_what_is_new_in_it(author):
    post = make_note(body="![](/icon.png) Wrods.")
    author.goto(f"/admin/blog/note/{post.pk}/change/")
    author.get_by_label(BODY, exact=True).fill("![](/icon.png) Words.")
    press_save(author)
    assert saved(author).body == "![](/icon.png) Words."

    author.goto(f"/admin/blog/note/{post.pk}/change/")
    author.get_by_label(BODY, exact=True).fill("![](/icon.png) Words. ![](/icon.svg)")
    press_save(author)
    asked = author.get_by_role("region", name="Before you save")
    asked.get_by_role("button", name="An image has no alt text").wait_for()
    asked.get_by_role("button", name="Save anyway").click()

    assert saved(author).body.endswith("![](/icon.svg)")


def test_a_draft_is_not_asked_about(form):
    form.get_by_label(BODY, exact=True).fill("![](/icon.png)")
    form.get_by_label("Draft").check()

    press_save(form)

    assert saved(form).is_draft


def test_a_new_tag_gives_way_to_the_one_in_use(form):
    make_tag("boat")
    form.get_by_label(BODY, exact=True).fill("Words.")
    form.get_by_label("Tags").fill("boats,sea,")

    press_save(form)
    panel(form).get_by_role("button", name="Use “boat”").click()
    panel(form).get_by_role("button", name="Publish anyway").click()

    assert sorted(tag.name for tag in saved(form).tags.all()) == ["boat", "sea"]


def test_a_slug_in_the_collapsed_part_of_the_form_is_fixed(form):
    make_entry(title="Rain")
    form.get_by_label(BODY, exact=True).fill("Words.")
    form.locator("#id_slug").evaluate("field => { field.value = 'rain'; }")

    press_save(form)
    panel(form).get_by_role("button", name="Use “rain-2”").click()
    assert form.locator("#id_slug").is_visible()
    panel(form).get_by_role("button", name="Publish anyway").click()

    assert saved(form).slug == "rain-2"


def test_dead_and_redirecting_links_are_found_and_one_click_fixes_the_address(form, monkeypatch):
    def fetch(url):
        if "dead" in url:
            raise FetchError("The host name can't be found.")
        return Response(url.replace("old", "new"), "text/html", b"")

    monkeypatch.setattr("blog.remote.link_check.fetch", fetch)
    form.get_by_label(BODY, exact=True).fill("[a](https://dead.example/) [b](https://old.example/)")

    press_save(form)
    panel(form).get_by_role("button", name="https://dead.example/ may be dead").wait_for()
    panel(form).get_by_role("button", name="Use the new address").click()
    press_save(form)

    assert saved(form).body == "[a](https://dead.example/) [b](https://new.example/)"


def test_a_check_that_cannot_be_made_stands_in_nobodys_way(form, browser_errors):
    form.route("**/note/check/", lambda route: route.abort())
    form.get_by_label(BODY, exact=True).fill("![](/icon.png)")

    press_save(form)

    assert saved(form).body == "![](/icon.png)"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_works_by_keyboard_and_fits_on_a_telephone(form, theme):
    form.set_viewport_size({"width": 360, "height": 740})
    form.emulate_media(color_scheme=theme)
    form.get_by_label(BODY, exact=True).fill(f"![](/{'very-long' * 20}.png)")

    press_save(form)
    panel(form).get_by_role("button", name="Mark as decorative").wait_for()
    assert form.evaluate("document.documentElement.scrollWidth") <= 360
    for key in ("Tab", "Tab", "Enter", "Tab", "Enter"):
        form.keyboard.press(key)

    assert saved(form).body.startswith("<img")
