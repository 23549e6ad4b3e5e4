"""Layout and colours: no flaws at any width, enough contrast, themes, right to left."""

import pytest

from blog.models.site_settings import Accent
from tests.browser.flaws import flaws
from tests.factories import make_note, set_site, utc
from tests.helpers.hostile import make_hostile_site
from tests.helpers.pages import make_pages

CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const probe = document.body.appendChild(document.createElement("i"));
  const luminance = (colour) => {
    probe.style.color = colour;
    canvas.fillStyle = getComputedStyle(probe).color;
    canvas.fillRect(0, 0, 1, 1);
    const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  return {
    paper: contrast("var(--accent)", "var(--paper)"),
    slip: contrast("var(--accent)", "var(--slip)"),
    day: contrast("var(--ink)", "color-mix(in srgb, var(--accent) 40%, var(--paper))"),
  };
}"""
SCROLL_LEFT = """new Promise((done) => {
  const element = document.activeElement;
  const finish = () => done(element.scrollLeft);
  if (element.scrollLeft) finish();
  element.addEventListener("scroll", finish);
  setTimeout(finish, 2000);
})"""


@pytest.fixture
def hostile(page):
    return make_hostile_site()


@pytest.mark.parametrize("width", [320, 768, 1280])  # 320: 1280 at 400 % zoom (WCAG 2.2, 1.4.10)
def test_no_page_has_layout_flaws(page, hostile, width):
    page.set_viewport_size({"width": width, "height": 800})
    found = {}

    for name, path in hostile.items():
        page.goto(path)
        found[name] = flaws(page)

    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("html", "flaw"),
    [
        ("<p style='width: 2000px'>Wide", "wider than the window"),
        ("<p style='position: absolute; left: -50px'>Outside", "clipped"),
        ("<p>Below<p style='margin-top: -2em'>Above", "overlap"),
        ("<p style='font-size: 9px'>Tiny", "small text"),
        (
            "<nav style='font-size: 12px; line-height: 1'><a href='/'>A</a> <a href='/'>B</a></nav>",
            "small target",
        ),
        ("<h1>Another</h1>", "2 h1 headings"),
        ("<h2>Empty</h2><h2>Full</h2><p>Words", "empty section"),
        (f"<p style='white-space: nowrap'>{'words and ' * 12}", "long lines"),
    ],
)
def test_layout_flaws_are_detected(page, html, flaw):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("about:blank")  # the site's policy forbids inline styles

    page.set_content(f"<h1>Page</h1><main>{html}</main>")

    assert any(flaw in line for line in flaws(page))


def test_wide_code_and_tables_scroll_with_the_keyboard(page, hostile):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(hostile["note"])

    for element in ("pre", "table"):
        wide = page.locator(f".e-content {element}[tabindex='0']").first
        wide.focus()
        page.keyboard.press("ArrowRight")

        assert page.evaluate(SCROLL_LEFT) > 0, element


def test_code_that_fits_is_not_a_tab_stop(page):
    page.goto(make_note(body="    code").get_absolute_url())
    page.evaluate("new Promise(requestAnimationFrame)")

    assert page.locator(".e-content pre").get_attribute("tabindex") is None


def test_the_layout_does_not_shift(page):
    shifts = """new Promise((done) => {
      let sum = 0;
      const add = (list) => list.getEntries().forEach((entry) => { sum += entry.value; });
      new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
      setTimeout(() => done(sum), 300);
    })"""
    pages = make_pages()

    for name in ("home", "entry", "link", "year", "tag", "results"):
        page.goto(pages[name])

        assert page.evaluate(shifts) == 0, name


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_accent_has_enough_contrast(page, theme):
    page.emulate_media(color_scheme=theme)
    colours = set()

    for accent in Accent:
        set_site(accent=accent)
        page.goto("/")
        contrasts = page.evaluate(CONTRASTS)

        assert {ground: ratio for ground, ratio in contrasts.items() if ratio < 4.5} == {}, accent
        colours.add(contrasts["paper"])
    assert len(colours) == len(Accent)


def test_the_chosen_theme_is_remembered(page):
    page.emulate_media(color_scheme="light")
    page.goto("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    button = page.get_by_role("button", name="Theme")
    assert button.inner_text() == "Theme: automatic"

    button.click()
    button.click()

    assert button.inner_text() == "Theme: dark"
    assert page.evaluate(ground) != light
    page.goto("/tags/")
    assert button.inner_text() == "Theme: dark"
    assert page.evaluate(ground) != light
    button.click()
    assert page.evaluate(ground) == light


def test_a_page_in_arabic_runs_from_right_to_left(page):
    set_site(language="ar", title="مدونة")
    make_note(published=utc(2024, 6, 8))
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/2024/Jun/8/")

    text, calendar = (page.locator(part).bounding_box() for part in ("main", ".calendar"))
    assert calendar["x"] < text["x"]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_lists_in_the_admin_use_the_whole_width_of_a_tablet(author):
    author.set_viewport_size({"width": 800, "height": 900})
    author.goto("/admin/blog/note/")

    content = author.locator("#main > .content").bounding_box()

    assert content["width"] == 800


def test_object_tools_do_not_cover_the_title(author):
    post = make_note(title="A title that says everything twice and then some more. " * 4)
    author.set_viewport_size({"width": 1280, "height": 900})
    author.goto(f"/admin/blog/note/{post.pk}/change/")

    name = author.locator("#content > h2").bounding_box()
    tools = author.locator(".object-tools").bounding_box()

    assert name["y"] + name["height"] <= tools["y"]
