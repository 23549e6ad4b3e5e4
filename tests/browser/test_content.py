"""Interactive content of posts: code, headings, embedded frames, galleries."""

import re

import pytest

from tests.factories import make_entry, make_note, set_site, utc

SMALL = "/static/icon-maskable.png"
GALLERY = f"""<captioned-image-gallery>
<figure><a href="/static/icon-512.png"><img src="{SMALL}" alt="A boat"></a>
<figcaption>A <em>boat</em></figcaption></figure>
<figure><img src="{SMALL}" alt="A wave"></figure>
</captioned-image-gallery>

<image-gallery><img src="{SMALL}" alt="A gull" data-fullsize="/static/icon-192.png"></image-gallery>
"""


@pytest.fixture
def read(page):
    def read(body, **fields):
        page.goto(make_entry(body=body, published=utc(2024, 6, 8), **fields).get_absolute_url())
        return page

    return read


def test_a_button_copies_code(read):
    page = read("```python\nprint(1)\nprint(2)\n```")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy").click()

    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "print(1)\nprint(2)"


def test_a_heading_has_a_link_to_itself(read):
    page = read("Text\n\n## A *long* way\n\nText")

    page.get_by_role("link", name="Link to “A long way”").click()

    assert page.url.endswith("#a-long-way")
    assert page.locator("h2#a-long-way").count() == 1


def test_an_embedded_video_loads_nothing_until_it_is_clicked(read, browser_errors):
    set_site(embed_hosts="player.vimeo.com")
    html = '<iframe src="https://player.vimeo.com/video/1" title="A film" width="4" height="3"></iframe>'
    page = read(html)
    requested = []
    page.context.route(
        re.compile("^https:"), lambda route: requested.append(route.request.url) or route.abort()
    )
    assert browser_errors == []
    assert page.locator("iframe").count() == 0

    page.get_by_role("link", name="A film").click()

    frame = page.locator("iframe")
    frame.wait_for()
    assert frame.get_attribute("title") == "A film"
    assert frame.get_attribute("src") == "https://player.vimeo.com/video/1?autoplay=1"
    assert "allow-top-navigation" not in frame.get_attribute("sandbox")
    assert frame.evaluate("frame => frame.style.aspectRatio") == "4 / 3"
    page.wait_for_timeout(200)
    assert requested == ["https://player.vimeo.com/video/1?autoplay=1"]


class TestGalleries:
    def test_images_open_in_a_full_window_viewer(self, read):
        page = read(GALLERY)
        viewer = page.get_by_role("dialog")
        first = page.get_by_role("link", name="A boat")
        first.click()

        assert viewer.get_by_role("img").get_attribute("alt") == "A boat"
        assert viewer.locator("figcaption em").inner_text() == "boat"
        assert viewer.get_by_role("img").get_attribute("src").endswith("/static/icon-512.png")
        box = viewer.bounding_box()
        assert (box["width"], box["height"]) == (page.viewport_size["width"], page.viewport_size["height"])
        viewer.get_by_role("button", name="Close").click()
        assert viewer.count() == 0
        assert first.evaluate("link => link === document.activeElement")

    def test_arrow_keys_cycle_through_all_images(self, read):
        page = read(GALLERY)
        page.get_by_role("link", name="A wave").focus()
        page.keyboard.press("Enter")
        viewer = page.get_by_role("dialog")

        shown = []
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
            page.keyboard.press(key)
            shown.append(
                (viewer.get_by_role("img").get_attribute("alt"), viewer.locator(".counter").inner_text())
            )

        assert shown == [("A gull", "3 / 3"), ("A boat", "1 / 3"), ("A gull", "3 / 3")]
        assert viewer.get_by_role("img").get_attribute("src").endswith("/static/icon-192.png")
        page.keyboard.press("Escape")
        assert viewer.count() == 0

    def test_a_swipe_shows_the_next_image(self, read):
        page = read(GALLERY)
        page.get_by_role("link", name="A boat").click()
        swipe = """(dialog, by) => {
          const touch = (x) => new Touch({ identifier: 1, target: dialog, clientX: x, clientY: 200 });
          dialog.dispatchEvent(new TouchEvent("touchstart", { touches: [touch(200)] }));
          dialog.dispatchEvent(new TouchEvent("touchend", { changedTouches: [touch(200 + by)] }));
        }"""
        viewer = page.get_by_role("dialog")

        viewer.evaluate(swipe, -20)
        assert viewer.get_by_role("img").get_attribute("alt") == "A boat"
        viewer.evaluate(swipe, -80)
        assert viewer.get_by_role("img").get_attribute("alt") == "A wave"
        viewer.evaluate(swipe, 80)
        assert viewer.get_by_role("img").get_attribute("alt") == "A boat"

    def test_they_are_accessible(self, read, axe):
        page = read(GALLERY)
        assert axe(page) == []

        page.get_by_role("link", name="A boat").click()

        assert axe(page) == []

    def test_pages_without_galleries_do_not_load_the_script(self, read):
        loaded = (
            "performance.getEntriesByType('resource').filter(({ name }) => name.includes('gallery')).length"
        )

        assert read("Text").evaluate(loaded) == 0


def test_galleries_work_in_lists(page, browser_errors):
    make_note(body=GALLERY + "\n\n```\ncode\n```", published=utc(2024, 6, 8))

    page.goto("/")
    page.get_by_role("link", name="A boat").click()

    assert page.get_by_role("dialog").get_by_role("img").get_attribute("alt") == "A boat"
    assert browser_errors == []
