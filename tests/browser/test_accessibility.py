"""What axe-core finds that people with disabilities cannot use: nothing."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from blog.models import Post
from tests.factories import FACTORIES, make_blogmark
from tests.pages import make_pages

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


@pytest.mark.parametrize("width", [360, 1280])
def test_everybody_can_read_every_page(page, axe, width):
    page.set_viewport_size({"width": width, "height": 800})
    found = {}

    for name, path in make_pages().items():
        page.goto(path)
        found[name] = axe(page)

    assert {name: complaints for name, complaints in found.items() if complaints} == {}


def test_everybody_can_read_an_empty_weblog(page, axe):
    for path in ("/", "/entries/", "/tags/", "/series/", "/links/", "/search/"):
        page.goto(path)

        assert axe(page) == [], path


def test_what_they_cannot_use_would_be_noticed(page, axe):
    page.goto("/")
    page.evaluate("document.body.append(document.createElement('input'))")

    assert {"light: label", "dark: label"} <= {" ".join(line.split(" ")[:2]) for line in axe(page)}
