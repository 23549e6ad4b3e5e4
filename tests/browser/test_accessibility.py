"""axe-core finds no accessibility violations on any page."""

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

QUERY = {
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
    def test_the_capture_form(self, window, axe):
        make_blogmark(link_url=QUERY["url"])
        for kind in ("blogmark", "quotation", "note"):
            window.goto(f"/admin/capture/?{urlencode(QUERY | {'kind': kind})}")

            assert axe(window) == []

    def test_the_capture_form_with_errors(self, window, axe):
        window.goto("/admin/capture/")
        window.get_by_role("button", name="Publish").click()
        window.locator(".errorlist").first.wait_for()

        assert axe(window) == []

    def test_the_page_after_capturing(self, window, axe):
        window.goto(f"/admin/capture/?{urlencode(QUERY | {'popup': '1'})}")
        window.get_by_role("button", name="Publish").click()
        window.wait_for_url("**/done/**")
        window.locator(".capture-close").press("Tab")

        assert axe(window) == []

    def test_the_dashboard(self, window, axe):
        window.goto("/admin/")

        assert axe(window) == []

    def test_the_forms_of_all_kinds(self, window, axe):
        for kind in Post.kinds():
            for path in (
                reverse(f"admin:blog_{kind}_add"),
                reverse(f"admin:blog_{kind}_change", args=[FACTORIES[kind](tags=["sea"]).pk]),
            ):
                window.goto(path)

                assert axe(window) == [], path

    def test_the_preview_and_the_preview_link(self, window, axe):
        post = make_entry(title="Boats", body="## Sails\n\nWords.", is_draft=True)
        PreviewLink.objects.create(post=post)
        window.goto(f"/admin/blog/entry/{post.pk}/change/")
        window.frame_locator("#preview iframe").get_by_role("heading", name="Sails").wait_for()
        window.get_by_label("Anyone with this link").wait_for()

        assert axe(window) == []

    def test_the_offer_of_unsaved_text(self, window, axe):
        for path in ("/admin/blog/note/add/", "/admin/capture/?kind=note"):
            window.goto(path)
            window.get_by_role("textbox", name="Text:", exact=True).press_sequentially("Half a note.")
            window.goto("about:blank")
            window.goto(path)
            window.get_by_role("button", name="Restore").wait_for()

            assert axe(window) == [], path

    def test_describing_an_image_and_fixing_findings(self, window, axe, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path / "media"
        for path, field in (("/admin/blog/note/add/", "#id_body"), ("/admin/capture/?kind=note", "#id_text")):
            window.goto(path)
            window.locator(field).fill("![](/icon.png)")
            paste(window, photograph(200, 100), selector=field)
            window.get_by_label("Alt text:").wait_for()

            assert axe(window) == [], path
            window.get_by_role("button", name="Discard").click()
            window.get_by_role("button", name=re.compile("^(Save|Publish)( Ctrl.*)?$")).first.click()
            window.get_by_role("button", name="Mark as decorative").wait_for()

            assert axe(window) == [], path

    def test_conflicts_and_the_history(self, window, axe):
        post = make_note(body="A small boat.")
        window.goto(f"/admin/blog/note/{post.pk}/change/")
        post.body = "A big boat."
        post.save()
        window.get_by_label("Text:", exact=True).fill("A fast boat.")
        window.get_by_role("button", name="Save", exact=True).first.click()
        window.get_by_role("button", name="Overwrite with mine").wait_for()
        window.get_by_text("The saved version in full").click()

        assert axe(window) == []
        window.get_by_role("button", name="Overwrite with mine").click()
        window.locator(".messagelist .success").wait_for()
        window.goto(f"/admin/blog/note/{post.pk}/history/")
        window.get_by_role("button", name="Restore this version").wait_for()

        assert axe(window) == []

    def test_lists_of_posts_and_images(self, window, axe, settings, tmp_path):
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

            # Django labels the search box with an image that has an alt text.
            assert [line for line in axe(window) if "label-title-only" not in line] == [], path


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("make", [make_pages, make_hostile_site])
def test_public_pages(page, axe, make, width):
    page.set_viewport_size({"width": width, "height": 800})
    violations = {}

    for name, path in make().items():
        page.goto(path)
        violations[name] = axe(page)

    assert {name: lines for name, lines in violations.items() if lines} == {}


def show(page, address, html):
    page.route(address, lambda route: route.fulfill(content_type="text/html", body=html))


def test_error_pages(page, axe, rf):
    gone = make_note()
    path = gone.get_absolute_url()
    gone.delete()
    for name in ("403", "500"):
        show(page, f"**/{name}/", render_to_string(f"{name}.html", request=rf.get("/")))

    for address in (path, "/%00/", "/nothing/", "/403/", "/500/"):
        page.goto(address)

        assert axe(page) == [], address


def test_pages_of_an_empty_weblog(page, axe):
    for path in ("/", "/entries/", "/tags/", "/series/", "/links/", "/search/"):
        page.goto(path)

        assert axe(page) == [], path


def test_violations_are_detected(page, axe):
    page.goto("/")
    page.evaluate("document.body.append(document.createElement('input'))")

    assert {"light: label", "dark: label"} <= {" ".join(line.split(" ")[:2]) for line in axe(page)}
