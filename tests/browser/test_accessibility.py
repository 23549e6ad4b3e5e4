"""What axe-core finds that people with disabilities cannot use: nothing."""

import re
from urllib.parse import urlencode

import pytest
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.urls import reverse

from blog.models import Image, Post, PreviewLink
from tests.browser.test_images import paste
from tests.factories import FACTORIES, make_blogmark, make_entry, make_note, make_timeline
from tests.helpers.hostile import make_hostile_site
from tests.helpers.pages import make_pages
from tests.helpers.photographs import photograph

TOLD = {
    "url": "https://example.com/boats",
    "title": "Boats",
    "text": "They float.",
    "via": "https://example.org/",
    "site": "Harbour",
    "description": "With drawings.",
    "canonical": "https://example.com/ships",
}


@pytest.fixture
def window(author, width):
    author.set_viewport_size({"width": width, "height": 800})
    return author


@pytest.mark.parametrize("width", [360, 1280])
class TestTheAdmin:
    def test_everybody_can_use_the_capture_form(self, window, axe):
        make_blogmark(link_url=TOLD["url"])
        for kind in ("blogmark", "quotation", "note"):
            window.goto(f"/admin/capture/?{urlencode(TOLD | {'kind': kind})}")

            assert axe(window) == []

    def test_everybody_can_see_what_is_missing_in_it(self, window, axe):
        window.goto("/admin/capture/")
        window.get_by_role("button", name="Publish").click()
        window.locator(".errorlist").first.wait_for()

        assert axe(window) == []

    def test_everybody_can_go_on_from_it(self, window, axe):
        window.goto(f"/admin/capture/?{urlencode(TOLD | {'popup': '1'})}")
        window.get_by_role("button", name="Publish").click()
        window.wait_for_url("**/done/**")
        window.locator(".capture-close").press("Tab")

        assert axe(window) == []

    def test_everybody_can_use_the_first_page(self, window, axe):
        window.goto("/admin/")

        assert axe(window) == []

    def test_everybody_can_write(self, window, axe):
        for kind in Post.kinds():
            for path in (
                reverse(f"admin:blog_{kind}_add"),
                reverse(f"admin:blog_{kind}_change", args=[FACTORIES[kind](tags=["sea"]).pk]),
            ):
                window.goto(path)

                assert axe(window) == [], path

    def test_everybody_can_use_the_preview_and_the_link_for_a_friend(self, window, axe):
        post = make_entry(title="Boats", body="## Sails\n\nWords.", is_draft=True)
        PreviewLink.objects.create(post=post)
        window.goto(f"/admin/blog/entry/{post.pk}/change/")
        window.frame_locator("#preview iframe").get_by_role("heading", name="Sails").wait_for()
        window.get_by_label("Whoever has this address").wait_for()

        assert axe(window) == []

    def test_everybody_can_take_up_what_was_not_saved(self, window, axe):
        for path in ("/admin/blog/note/add/", "/admin/capture/?kind=note"):
            window.goto(path)
            window.get_by_role("textbox", name="Text:", exact=True).press_sequentially("Half a note.")
            window.goto("about:blank")
            window.goto(path)
            window.get_by_role("button", name="Restore").wait_for()

            assert axe(window) == [], path

    def test_everybody_can_describe_a_picture_and_mend_what_is_forgotten(
        self, window, axe, settings, tmp_path
    ):
        settings.MEDIA_ROOT = tmp_path / "media"
        for path, field in (("/admin/blog/note/add/", "#id_body"), ("/admin/capture/?kind=note", "#id_text")):
            window.goto(path)
            window.locator(field).fill("![](/icon.png)")
            paste(window, photograph(200, 100), selector=field)
            window.get_by_label("Alt text").wait_for()

            assert axe(window) == [], path
            window.get_by_role("button", name="Leave out").click()
            window.get_by_role("button", name=re.compile("^(Save|Publish)( Ctrl.*)?$")).first.click()
            window.get_by_role("button", name="Mark as decorative").wait_for()

            assert axe(window) == [], path

    def test_everybody_can_see_what_changed_and_both_texts_of_a_conflict(self, window, axe):
        post = make_note(body="A small boat.")
        window.goto(f"/admin/blog/note/{post.pk}/change/")
        post.body = "A big boat."
        post.save()
        window.get_by_label("Text:", exact=True).fill("A fast boat.")
        window.get_by_role("button", name="Save", exact=True).first.click()
        window.get_by_role("button", name="Save mine anyway").wait_for()
        window.get_by_text("What stands there now, in full").click()

        assert axe(window) == []
        window.get_by_role("button", name="Save mine anyway").click()
        window.locator(".messagelist .success").wait_for()
        window.goto(f"/admin/blog/note/{post.pk}/history/")
        window.get_by_role("button", name="Restore this text").wait_for()

        assert axe(window) == []

    def test_everybody_can_find_posts_and_pictures_again(self, window, axe, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path / "media"
        image = Image.store_upload(ContentFile(photograph(200, 100), name="boat.jpg"))
        make_timeline(8)
        make_note(is_draft=True)
        for path in (
            "/admin/blog/post/?state=draft",
            "/admin/blog/post/",
            "/admin/blog/note/",
            "/admin/blog/image/",
            f"/admin/blog/image/{image.pk}/change/",
        ):
            window.goto(path)

            # Django's label of the search box is a picture of a glass, with an alt text.
            assert [line for line in axe(window) if "label-title-only" not in line] == [], path


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("make", [make_pages, make_hostile_site])
def test_everybody_can_read_every_page(page, axe, make, width):
    page.set_viewport_size({"width": width, "height": 800})
    found = {}

    for name, path in make().items():
        page.goto(path)
        found[name] = axe(page)

    assert {name: browser_errors for name, browser_errors in found.items() if browser_errors} == {}


def show(page, address, html):
    page.route(address, lambda route: route.fulfill(content_type="text/html", body=html))


def test_everybody_can_read_what_went_wrong(page, axe, rf):
    gone = make_note()
    path = gone.get_absolute_url()
    gone.delete()
    for name in ("403", "500"):
        show(page, f"**/{name}/", render_to_string(f"{name}.html", request=rf.get("/")))

    for address in (path, "/%00/", "/nothing/", "/403/", "/500/"):
        page.goto(address)

        assert axe(page) == [], address


def test_everybody_can_read_an_empty_weblog(page, axe):
    for path in ("/", "/entries/", "/tags/", "/series/", "/links/", "/search/"):
        page.goto(path)

        assert axe(page) == [], path


def test_what_they_cannot_use_would_be_noticed(page, axe):
    page.goto("/")
    page.evaluate("document.body.append(document.createElement('input'))")

    assert {"light: label", "dark: label"} <= {" ".join(line.split(" ")[:2]) for line in axe(page)}
