"""Images from the clipboard to the published post."""

import base64

import pytest

from blog.models import Image, Page, Post
from tests.browser.test_first_link import save
from tests.helpers.photographs import MAKER, open_image, photograph

PASTE = """([content, names, type, selector]) => {
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  const data = new DataTransfer();
  for (const name of names) data.items.add(new File([bytes], name, { type }));
  const event = type === "drop"
    ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
    : new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.querySelector(selector).dispatchEvent(event);
}"""


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def press_save(page):
    page.get_by_role("button", name="Save", exact=True).first.click()


def paste(page, content, names=("boat.jpg",), type="image/jpeg", selector="#id_body"):
    page.evaluate(PASTE, [base64.b64encode(content).decode(), list(names), type, selector])


def test_a_pasted_image_is_published_without_its_metadata(author, browser_errors, folder):
    page = author
    content = photograph(2000, 1000)
    assert MAKER.encode() in content
    page.goto("/admin/blog/note/add/")
    page.get_by_label("Text:", exact=True).fill("Seen today: ")
    page.get_by_label("Text:", exact=True).press("End")

    paste(page, content)
    page.get_by_label("Alt text:").fill("A boat [red & blue]")
    page.get_by_label("Alt text:").press("Enter")
    assert page.get_by_label("Text:", exact=True).input_value().startswith("Seen today: ![A boat ")
    save(page)

    post = Post.objects.get()
    page.goto(post.get_absolute_url())
    picture = page.locator(".e-content img")
    assert picture.get_attribute("alt") == "A boat [red & blue]"
    assert (picture.get_attribute("width"), picture.get_attribute("height")) == ("2000", "1000")
    candidates = picture.get_attribute("srcset").split(", ")
    assert [candidate.split()[1] for candidate in candidates] == ["480w", "960w", "1440w", "1920w", "2000w"]
    assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0
    for address in [picture.get_attribute("src"), *[candidate.split()[0] for candidate in candidates]]:
        file = page.request.get(address).body()
        assert not open_image(file).getexif()
        assert MAKER.encode() not in file
    assert Image.objects.get().alt == "A boat [red & blue]"
    assert browser_errors == []


def test_several_images_can_be_chosen_with_the_keyboard(author, browser_errors):
    page = author
    page.on(
        "filechooser", lambda chooser: None
    )  # before the key is pressed, or the browser opens its own dialog
    page.goto("/admin/blog/note/add/")
    page.get_by_label("Text:", exact=True).focus()
    page.keyboard.press("Tab")
    assert page.get_by_role("button", name="Image…").evaluate("button => button === document.activeElement")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")

    files = [
        {"name": f"{width}.png", "mimeType": "image/png", "buffer": photograph(width, 100, "PNG")}
        for width in (500, 300)
    ]
    chooser.value.set_files(files)
    page.get_by_role("group", name="300.png").wait_for()
    page.keyboard.type("Rain")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    wide, narrow = Image.objects.order_by("-width")
    assert page.get_by_label("Text:", exact=True).input_value() == (
        f'![Rain]({wide.get_absolute_url()})\n\n<img src="{narrow.get_absolute_url()}" alt="">'
    )
    assert page.get_by_label("Text:", exact=True).evaluate("area => area === document.activeElement")
    assert browser_errors == []


def test_an_image_needs_alt_text_or_to_be_decorative(author):
    page = author
    page.goto("/admin/blog/note/add/")

    paste(page, photograph(100, 50))
    page.get_by_label("Alt text:").wait_for()
    problem = page.get_by_text("Describe what the image shows, or mark")
    assert not problem.is_visible()
    page.get_by_role("button", name="Insert").click()

    assert problem.is_visible()
    assert page.get_by_label("Text:", exact=True).input_value() == ""
    page.get_by_role("button", name="Discard").click()
    assert page.get_by_role("group", name="boat.jpg").count() == 0


def test_saving_waits_for_an_upload(author, browser_errors):
    """On a standing page too, whose form has no autosave."""
    page, held = author, []
    page.route("**/images/add/", lambda route: held.append(route))
    page.goto("/admin/blog/page/add/")
    page.get_by_label("Title").fill("Boats")

    with page.expect_request("**/images/add/"):
        paste(page, photograph(100, 50))
    press_save(page)
    page.get_by_text("An image is still being uploaded.").wait_for()
    held[0].continue_()
    page.get_by_label("Alt text:").fill("A boat")
    press_save(page)
    page.get_by_text("This image is not in the text yet.").wait_for()
    page.get_by_label("Alt text:").press("Enter")
    press_save(page)

    page.locator(".messagelist .success").wait_for()
    assert "![A boat](" in Page.objects.get(title="Boats").body
    assert browser_errors == []


def test_a_file_that_is_not_an_image_is_refused_at_once(author, folder):
    page = author
    page.goto("/admin/blog/note/add/")

    paste(page, b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", type="image/png")

    page.get_by_role("status").filter(has_text="SVG files can contain scripts").wait_for()
    assert not Image.objects.exists()
    assert not list(folder.glob("images/*"))


def test_pasted_text_stays_text(author):
    page = author
    page.goto("/admin/blog/note/add/")

    prevented = page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["x"], "a.png", { type: "image/png" }));
          data.setData("text/plain", "words");
          const event = new ClipboardEvent("paste", { clipboardData: data, cancelable: true });
          document.querySelector("#id_body").dispatchEvent(event);
          return event.defaultPrevented;
        }"""
    )

    assert not prevented


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_panel_fits_on_a_phone(author, theme, browser_errors):
    page = author
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme=theme)
    page.goto("/admin/blog/note/add/")

    paste(
        page, photograph(1000, 500), names=["a-very-long-name-without-any-space-in-it-at-all-2024-06-08.jpg"]
    )
    page.get_by_label("Alt text:").wait_for()

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    box = page.get_by_role("button", name="Insert").bounding_box()
    assert box["height"] >= 32
    assert browser_errors == []
