"""Finding posts by tag and by search, on a desktop and on a phone."""

import pytest

from tests.factories import make_blogmark, make_entry, make_note, set_site, utc

pytestmark = pytest.mark.parametrize("width", [360, 1280])


@pytest.fixture
def window(page, width):
    page.set_viewport_size({"width": width, "height": 780})
    return page


def shown(locator):
    return [text.strip() for text in locator.filter(visible=True).all_inner_texts()]


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_tags_are_filtered_while_typing(window, browser_errors):
    for names in (["django", "django-rest"], ["python", "django"], ["piano", "python"]):
        make_note(tags=names)
    window.goto("/tags/?all")
    names = window.locator(".cloud li a")
    assert shown(names) == ["django", "django-rest", "piano", "python"]

    window.get_by_label("Filter the tags").fill("Djan")

    assert shown(names) == ["django", "django-rest"]
    assert shown(window.locator(".cloud h2")) == ["D"]
    assert window.locator("[data-filter-status]").inner_text() == "2 of these tags"
    window.get_by_label("Filter the tags").fill("")
    assert shown(names) == ["django", "django-rest", "piano", "python"]
    assert fits(window)
    assert browser_errors == []


def test_facets_can_be_added_and_removed(window, browser_errors):
    make_entry(title="Boats of wood", tags=["sea"], published=utc(2023, 5, 1))
    make_entry(title="Boats of iron", tags=["sea", "iron"], published=utc(2024, 5, 1))
    make_blogmark(link_title="Boats of paper", tags=["toys"], published=utc(2024, 6, 1))
    window.goto("/search/?q=boats")
    results = window.locator("main article")
    assert results.count() == 3

    window.get_by_role("navigation", name="Tags").get_by_role("link", name="sea").click()
    assert results.count() == 2
    window.get_by_role("navigation", name="Years").get_by_role("link", name="2024").click()
    assert results.count() == 1
    assert "Boats of iron" in results.inner_text()
    pills = window.get_by_role("list", name="Active filters").get_by_role("link")
    assert pills.count() == 2

    pills.filter(has_text="sea").click()
    assert results.count() == 2
    assert "Boats of paper" in results.first.inner_text() + results.last.inner_text()
    pills.click()
    assert results.count() == 3
    assert window.get_by_role("searchbox").or_(window.get_by_role("combobox")).input_value() == "boats"
    assert fits(window)
    assert browser_errors == []


def test_posts_and_tags_are_suggested_while_typing(window, browser_errors):
    make_entry(title="Boats of wood", tags=["boating"])
    window.clock.install(time=0)
    window.goto("/")
    window.clock.pause_at(3_600_000)  # from here the test controls the clock
    requested = []
    window.on("request", lambda request: requested.append(request.url) if "/suggest" in request.url else None)
    box = window.get_by_role("combobox", name="Search")

    box.press_sequentially("boa")
    window.clock.run_for(140)
    assert requested == [], "requests are debounced"
    window.clock.run_for(20)
    options = window.get_by_role("option")
    options.first.wait_for()
    window.clock.resume()

    assert len(requested) == 1
    assert shown(options) == ["boating 1", "Boats of wood"]
    box.press("ArrowUp")
    assert options.last.get_attribute("aria-selected") == "true"
    box.press("ArrowDown")
    assert window.get_by_role("option", selected=True).count() == 0
    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert fits(window)
    box.press("Escape")
    assert shown(options) == []

    box.press_sequentially("t")
    options.first.wait_for()
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")

    window.get_by_role("heading", level=1, name="Boats of wood").wait_for()
    assert browser_errors == []


def test_a_suggestion_can_be_clicked(window, browser_errors):
    set_site(title="Harbour")
    make_entry(title="Boats of wood", tags=["boating"])
    window.goto("/")

    window.get_by_role("combobox", name="Search").press_sequentially("boa")
    window.get_by_role("option", name="boating").click()

    window.wait_for_url("**/tags/boating/")
    assert browser_errors == []


def test_enter_searches_for_the_typed_text(window, browser_errors):
    make_entry(title="Boats of wood")
    window.goto("/")

    box = window.get_by_role("combobox", name="Search")
    box.fill("wood")
    box.press("Enter")

    window.wait_for_url("**/search/?q=wood*")
    assert window.locator("main article").count() == 1
    assert browser_errors == []


@pytest.mark.parametrize("leave", ["Escape", "Tab"])
def test_late_suggestions_are_discarded(window, browser_errors, leave):
    make_entry(title="Boats of wood", tags=["boating"])
    window.goto("/")
    window.route("**/search/suggestions/**", lambda route: None)  # never answered
    box = window.get_by_role("combobox", name="Search")
    with window.expect_request("**/search/suggestions/**"):
        box.press_sequentially("boa")

    with window.expect_event("requestfailed") as failed:
        box.press(leave)

    assert "/search/suggestions/" in failed.value.url
    assert shown(window.get_by_role("option")) == []
    assert browser_errors == []
