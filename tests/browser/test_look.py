"""How the pages look: nothing is too wide, every accent can be read, a theme can be chosen."""

import pytest

from blog.models.site import Accent
from tests.factories import make_blogmark, make_entry, make_note, make_quotation, set_site, utc
from tests.pages import make_pages

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
SCROLLED = """new Promise((done) => {
  const element = document.activeElement;
  const tell = () => done(element.scrollLeft);
  if (element.scrollLeft) tell();
  element.addEventListener("scroll", tell);
  setTimeout(tell, 2000);
})"""
LONG_WORD = "Donaudampfschifffahrtsgesellschaft" * 8
LONG_TITLE = ("A title that says everything twice and then some more. " * 6)[:300]
WIDE = f"""{LONG_WORD}

https://example.com/{"long/" * 60}

```python
x = "{"and so on " * 30}"
```

| {" | ".join(f"Column {n}" for n in range(12))} |
|{"---|" * 12}
| {" | ".join("words and words" for n in range(12))} |
"""
TAGS = [f"tag-{n}" for n in range(39)] + ["a-tag-whose-name-" * 4 + "is-long"]


@pytest.fixture
def hostile(page):
    set_site(title=LONG_TITLE[:190], tagline=LONG_TITLE[:190])
    noon = utc(2024, 6, 8)
    posts = [
        make_entry(title=LONG_TITLE, body=WIDE, tags=TAGS, published=noon),
        make_entry(title=LONG_WORD, body="One.", published=noon),
        make_blogmark(link_title=LONG_TITLE, body=WIDE, published=noon),
        make_quotation(body=WIDE, source=LONG_WORD[:255], tags=TAGS, published=noon),
        make_note(body=WIDE, title=LONG_WORD, published=utc(2019, 1, 1)),
    ]
    lists = [
        "/",
        "/2024/",
        "/2024/Jun/",
        "/2024/Jun/8/",
        "/tags/",
        "/tags/tag-1/",
        "/search/?q=and",
        "/nothing/",
    ]
    return [*lists, *(post.get_absolute_url() for post in posts)]


@pytest.mark.parametrize("width", [320, 768, 1280])  # 320: what 400 % of zoom make of 1280 (WCAG 2.2, 1.4.10)
def test_no_page_is_wider_than_the_window(page, hostile, width):
    page.set_viewport_size({"width": width, "height": 800})

    for path in hostile:
        page.goto(path)

        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_what_is_too_wide_is_scrolled_with_the_keyboard(page, hostile):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(hostile[-1])

    for element in ("pre", "table"):
        wide = page.locator(f".e-content {element}[tabindex='0']")
        wide.focus()
        page.keyboard.press("ArrowRight")

        assert page.evaluate(SCROLLED) > 0, element


def test_what_fits_is_no_stop_for_the_keyboard(page):
    page.goto(make_note(body="    code").get_absolute_url())
    page.evaluate("new Promise(requestAnimationFrame)")

    assert page.locator(".e-content pre").get_attribute("tabindex") is None


def test_nothing_moves_once_it_is_there(page):
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
def test_every_accent_can_be_read(page, theme):
    page.emulate_media(color_scheme=theme)
    colours = set()

    for accent in Accent:
        set_site(accent=accent)
        page.goto("/")
        contrasts = page.evaluate(CONTRASTS)

        assert {ground: ratio for ground, ratio in contrasts.items() if ratio < 4.5} == {}, accent
        colours.add(contrasts["paper"])
    assert len(colours) == len(Accent)


def test_a_reader_chooses_the_theme_for_good(page):
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


def test_a_page_reads_from_right_to_left_where_its_language_does(page):
    set_site(language="ar", title="مدونة")
    make_note(published=utc(2024, 6, 8))
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/2024/Jun/8/")

    text, calendar = (page.locator(part).bounding_box() for part in ("main", ".calendar"))
    assert calendar["x"] < text["x"]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
