"""A site in a right-to-left language: no page overflows, and the layout is mirrored."""

import pytest

from blog.models import Post
from tests.factories import set_site
from tests.helpers import pseudolocale
from tests.helpers.pages import make_pages

WIDTHS = (360, 768, 1280)


@pytest.fixture
def pages(page, monkeypatch):
    pseudolocale.install(monkeypatch, pseudolocale.RIGHT_TO_LEFT)
    set_site(language=pseudolocale.RIGHT_TO_LEFT)
    return make_pages()


def left(page, selector):
    return page.locator(selector).first.bounding_box()["x"]


def test_no_page_is_wider_than_the_window(page, pages, browser_errors):
    for path in pages.values():
        page.goto(path)
        assert page.evaluate("document.documentElement.dir") == "rtl", path
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (path, width)

    assert [error for error in browser_errors if "no-such-page" not in error] == []


def test_the_sidebar_and_the_calendar_are_mirrored(page, pages):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/2024/Jun/8/")

    assert left(page, ".sidebar") < left(page, "main")
    first, second = (page.locator(".calendar th").nth(n).bounding_box()["x"] for n in (0, 1))
    assert first > second


def test_a_post_in_another_language_keeps_its_own_direction(page, pages):
    Post.objects.filter(kind="entry").update(language="en")
    page.goto(pages["entry"])

    assert page.evaluate("getComputedStyle(document.querySelector('article .e-content')).direction") == "ltr"
    assert page.evaluate("getComputedStyle(document.querySelector('article .meta')).direction") == "rtl"
