"""Capturing: from a web page to a published post, with the keyboard."""

import time
from urllib.parse import quote, unquote, urlencode

import pytest
from playwright.sync_api import expect

from blog.models import Blogmark, Note, Post, Quotation
from blog.remote import fetching
from tests.browser.test_images import paste
from tests.factories import make_blogmark, make_note
from tests.helpers.other_site import other_site
from tests.helpers.photographs import photograph

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Boats | Harbour</title>
<meta property="og:title" content="How boats float"><meta property="og:site_name" content="Harbour">
<meta name="author" content="Ada Lovelace"><meta name="description" content="With drawings.">
</head><body><h1>How boats float</h1>
<p id="words">They <em>displace</em> water.</p><p>And &lt;more&gt;.</p></body></html>"""
BARE = "<!doctype html><html lang=en><title>Ships</title><p>No author.</p>"
CAPTURE_URL = "/admin/capture/?url=https://example.com/&title=A&author=B&text=One."
READER = "<!doctype html><html lang=en><title>A list</title><a href='{}/boats'>Boats</a>"

MAX_FORM_REQUESTS = 10


@pytest.fixture
def site(monkeypatch):
    """Another site on this machine, which the server is allowed to fetch."""
    with other_site({"/boats": PAGE, "/bare": BARE, "/favicon.ico": ""}) as site:
        monkeypatch.setattr(fetching.fetch, "__defaults__", (site.is_at,))
        yield site


@pytest.fixture
def own_errors(browser_errors, site):
    """Returns the browser errors, except those on pages of the other site."""
    return lambda: [line for line in browser_errors if site.root not in line.split(": ", 1)[-1]]


@pytest.fixture
def bookmarklet(author):
    """The bookmarklet's JavaScript."""
    author.goto("/admin/")
    return unquote(author.locator("a.bookmarklet").get_attribute("href").removeprefix("javascript:"))


class CaptureTimer:
    """Records the time and the requests between the click on the bookmarklet and the published post."""

    def __init__(self, window, kind, record):
        self.window, self.kind, self.record, self.requests = window, kind, record, []

    def __enter__(self):
        self.window.on("request", self.note)
        self.start = time.monotonic()
        return self

    def note(self, request):
        self.requests.append(request.url)

    def __exit__(self, *error):
        self.window.remove_listener("request", self.note)
        seconds = time.monotonic() - self.start
        figures = f"{len(self.requests)} requests, {self.form_requests} of them by the form, {seconds:.2f} s"
        self.record("measured", f"From the click to the published {self.kind}: {figures}")

    @property
    def form_requests(self):
        """The number of requests by the form, without style sheets, scripts and icons."""
        return len([url for url in self.requests if "/admin/capture/" in url])


def click_bookmark(page, code):
    """Run the bookmarklet and return the popup with the form."""
    with page.context.expect_page() as opened:
        page.evaluate(code)
    popup = opened.value
    popup.wait_for_load_state()
    return popup


def select(page, selector):
    page.locator(selector).evaluate("element => getSelection().selectAllChildren(element)")


def test_a_link_takes_two_interactions(author, bookmarklet, site, own_errors, record_property):
    site.pages["/"] = READER.format(site.root)
    author.goto(f"{site.root}/")
    author.get_by_text("Boats").click()
    author.wait_for_url("**/boats")

    with CaptureTimer(author.context, "link", record_property) as timer:
        popup = click_bookmark(author, bookmarklet)
        popup.keyboard.press("Control+Enter")
        popup.wait_for_url("**/done/**")

    post = Blogmark.objects.get()
    assert (post.link_url, post.link_title) == (f"{site.root}/boats", "How boats float")
    assert popup.get_by_role("link", name="How boats float").get_attribute("href") == post.get_absolute_url()
    assert timer.form_requests <= MAX_FORM_REQUESTS
    assert own_errors() == []


def test_the_referring_page_becomes_the_via(author, bookmarklet, site):
    """The page is on another host, so the referrer is only its origin."""
    port = site.server_port
    site.pages["/"] = READER.format(f"http://localhost:{port}")
    author.goto(f"{site.root}/")
    author.get_by_text("Boats").click()
    author.wait_for_url("**/boats")

    popup = click_bookmark(author, bookmarklet)

    expect(popup.get_by_label("Via", exact=False).first).to_have_value(f"{site.root}/")


def test_selected_text_becomes_a_quotation(author, bookmarklet, site, own_errors, record_property):
    author.goto(f"{site.root}/boats")
    select(author, "#words")

    with CaptureTimer(author.context, "quotation", record_property) as timer:
        popup = click_bookmark(author, bookmarklet)
        popup.keyboard.press("Alt+2")
        popup.keyboard.press("Control+Enter")
        popup.wait_for_url("**/done/**")

    post = Quotation.objects.get()
    assert (post.body, post.source) == ("They displace water.", "Ada Lovelace")
    assert post.source_url == f"{site.root}/boats"
    assert timer.form_requests <= MAX_FORM_REQUESTS
    assert own_errors() == []


def test_selected_text_becomes_a_note(author, bookmarklet, site, own_errors, record_property):
    author.goto(f"{site.root}/boats")
    select(author, "body")

    with CaptureTimer(author.context, "note", record_property) as timer:
        popup = click_bookmark(author, bookmarklet)
        popup.keyboard.press("Alt+3")
        popup.keyboard.press("Control+Enter")
        popup.wait_for_url("**/done/**")

    post = Note.objects.get()
    assert post.body.startswith(f"[How boats float]({site.root}/boats)\n\n> How boats float")
    assert post.body.endswith("> And &lt;more>.")
    assert "And &lt;more&gt;." in post.html
    assert timer.form_requests <= MAX_FORM_REQUESTS
    assert own_errors() == []


def test_a_long_selection_is_cut(author, bookmarklet, site):
    site.pages["/long"] = f"<!doctype html><title>Long</title><p>{'文 ' * 50_000}"
    author.goto(f"{site.root}/long")
    select(author, "p")

    popup = click_bookmark(author, bookmarklet)

    text = popup.get_by_role("textbox", name="Text:", exact=True).input_value()
    assert text.startswith("> 文 文 文")
    assert text.endswith(" \\[…\\]")
    assert len(popup.url) < 8000


def test_the_popup_shows_the_post_and_closes_by_itself(author, bookmarklet, site):
    author.goto(f"{site.root}/boats")
    popup = click_bookmark(author, bookmarklet)
    popup.keyboard.press("Control+Enter")
    popup.wait_for_url("**/done/**")
    expect(popup.get_by_text("This window will close")).to_be_visible()

    popup.wait_for_event("close")

    assert Blogmark.objects.count() == 1


def test_the_text_follows_the_kind_and_keeps_what_is_typed(author):
    author.goto(CAPTURE_URL)
    box = author.get_by_role("textbox", name="Text:", exact=True)
    box.focus()
    box.press("Control+Home")
    author.keyboard.type("Mine. ")

    seen = []
    for key in "2313":
        author.keyboard.press(f"Alt+{key}")
        seen.append(box.input_value())

    assert seen == [
        "Mine. One.",
        "Mine. [A](https://example.com/)\n\n> One.",
        "Mine. > One.",
        "Mine. [A](https://example.com/)\n\n> One.",
    ]
    expect(author.get_by_role("radio", name="Note")).to_be_checked()


def test_empty_fields_are_filled_in_from_the_page(author, site, own_errors):
    make_blogmark(link_url=f"{site.root}/boats?utm_source=x", link_title="Long ago")
    author.goto("/admin/capture/")
    author.get_by_label("Address").fill(f"{site.root}/boats")

    expect(author.get_by_label("Title:", exact=True)).to_have_value("How boats float")

    expect(author.locator(".capture-fetched")).to_have_text("Filled in from the page: title, author.")
    expect(author.locator(".capture-earlier")).to_contain_text("Long ago")
    expect(author.locator(".capture-description")).to_have_text("Harbour: With drawings.")
    assert own_errors() == []


def test_text_typed_while_fetching_is_not_overwritten(author, site):
    def slowly(handler):
        time.sleep(0.5)
        handler.respond(PAGE)

    site.pages["/slow"] = slowly
    author.goto(f"/admin/capture/?url={site.root}/slow")
    author.get_by_label("Title:", exact=True).fill("Mine")

    expect(author.locator(".capture-fetched")).to_have_text("Filled in from the page: author.")

    expect(author.get_by_label("Title:", exact=True)).to_have_value("Mine")


def test_the_form_works_if_the_page_cannot_be_fetched(author, site, own_errors):
    author.goto("/admin/capture/?url=http://192.168.0.1/router")

    expect(author.locator(".capture-fetched")).to_contain_text("Can't read the page.")
    author.get_by_label("Title:", exact=True).fill("Mine")
    author.keyboard.press("Control+Enter")
    author.wait_for_url("**/done/**")

    assert Blogmark.objects.get().link_title == "Mine"
    assert own_errors() == []


def test_a_key_saves_a_draft(author):
    make_note()
    author.goto(f"/admin/capture/?kind=note&text={quote('One.')}")

    author.keyboard.press("Control+s")
    author.wait_for_url("**/done/**")

    assert [post.is_draft for post in Post.objects.order_by("pk")] == [False, True]


def test_a_form_with_errors_keeps_its_kind(author):
    author.goto(CAPTURE_URL)
    author.get_by_label("Title:", exact=True).fill("")
    author.get_by_role("combobox", name="Tags").fill("sea")
    author.keyboard.press("Control+Enter")

    author.locator(".field-title .errorlist").wait_for()
    author.get_by_label("Title:", exact=True).fill("Boats")
    author.keyboard.press("Control+Enter")
    author.wait_for_url("**/done/**")

    post = Blogmark.objects.get()
    assert (post.body, [tag.name for tag in post.tags.all()]) == ("> One.", ["sea"])


def test_an_author_who_was_logged_out_can_log_in_and_submit_again(author):
    author.goto(CAPTURE_URL)
    box = author.get_by_role("textbox", name="Text:", exact=True)
    box.fill("A long text.")
    author.context.clear_cookies(name="sessionid")
    author.keyboard.press("Control+Enter")

    with author.context.expect_page() as opened:
        author.get_by_role("link", name="Log in in another window").click()
    login = opened.value
    login.get_by_label("Username").fill("author")
    login.get_by_label("Password").fill("swordfish")
    login.get_by_role("button", name="Log in").click()
    login.wait_for_url("**/admin/")
    box.press("Control+Enter")
    author.wait_for_url("**/done/**")

    assert Blogmark.objects.get().body == "A long text."
    assert local_copies(author) == 0


def text_of(page):
    return page.get_by_role("textbox", name="Text:", exact=True)


def unsent(page, words):
    return page.locator("#unsent li").filter(has_text=words)


def local_copies(page):
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('weblog-unsent:')).length")


def test_a_finding_is_shown_once_and_fixed_by_a_click(author, browser_errors):
    author.goto(CAPTURE_URL)
    text_of(author).fill("![](/icon.png)")
    author.keyboard.press("Control+Enter")

    panel = author.get_by_role("region", name="Before you publish")
    panel.get_by_role("button", name="Mark as decorative").click()
    assert not Post.objects.exists()
    author.keyboard.press("Control+Enter")
    author.wait_for_url("**/done/**")

    assert Blogmark.objects.get().body == '<img src="/icon.png" alt="">'
    assert browser_errors == []


def test_a_draft_is_not_checked(author):
    author.goto(CAPTURE_URL)
    text_of(author).fill("![](/icon.png)")

    author.keyboard.press("Control+s")
    author.wait_for_url("**/done/**")

    assert Blogmark.objects.get().is_draft


def test_a_pasted_image_has_to_be_inserted_before_publishing(author, settings, tmp_path, browser_errors):
    settings.MEDIA_ROOT = tmp_path / "media"
    author.goto(CAPTURE_URL)
    paste(author, photograph(200, 100), selector="#id_text")
    author.get_by_label("Alt text:").wait_for()

    author.keyboard.press("Control+Enter")
    author.get_by_text("This image is not in the text yet.").wait_for()
    author.get_by_label("Alt text:").fill("A boat")
    author.get_by_label("Alt text:").press("Enter")
    author.keyboard.press("Control+Enter")
    author.wait_for_url("**/done/**")

    assert "![A boat](/media/images/" in Blogmark.objects.get().body
    assert browser_errors == []


def test_a_closed_form_is_offered_again_until_it_is_sent(author, browser_errors):
    author.goto(CAPTURE_URL)
    text_of(author).fill("Half a thought.")
    author.keyboard.press("Alt+3")
    author.goto("about:blank")

    author.goto("/admin/capture/")
    unsent(author, "Half a thought").get_by_role("button", name="Restore").press("Enter")
    expect(author.get_by_role("radio", name="Note")).to_be_checked()
    author.keyboard.press("Control+Enter")
    author.wait_for_url("**/done/**")

    assert Note.objects.get().body == "Half a thought."
    assert local_copies(author) == 0
    assert browser_errors == []


def test_discarded_and_untouched_forms_are_not_offered(author):
    author.goto(CAPTURE_URL)
    author.keyboard.press("Alt+2")
    author.goto(CAPTURE_URL)
    assert author.locator("#unsent").is_hidden()
    text_of(author).fill("Nothing much.")
    author.goto(CAPTURE_URL)

    unsent(author, "Nothing much").get_by_role("button", name="Discard").click()

    author.locator("#unsent").wait_for(state="hidden")
    assert local_copies(author) == 0


def test_text_survives_while_the_server_is_unreachable(author):
    author.goto(CAPTURE_URL)
    author.context.set_offline(True)
    text_of(author).fill("Typed while it was away.")
    author.keyboard.press("Control+Enter")
    author.get_by_text("Can't reach the server.").wait_for()
    assert text_of(author).input_value() == "Typed while it was away."

    author.context.set_offline(False)
    author.wait_for_url("**/done/**")

    assert Blogmark.objects.get().body == "Typed while it was away."
    assert local_copies(author) == 0


def test_the_kind_can_be_chosen_without_scripts(author, site):
    author.route("**/*.js", lambda route: route.abort())
    author.goto(CAPTURE_URL)

    author.get_by_role("radio", name="Quotation").check()
    expect(author.get_by_label("Who said it")).to_be_visible()
    expect(author.get_by_label("Title of the via")).to_be_hidden()
    author.get_by_role("button", name="Publish").click()
    author.wait_for_url("**/done/**")

    assert Quotation.objects.get().body == "One."


class TestOnAPhone:
    @pytest.fixture(autouse=True)
    def phone(self, author):
        author.set_viewport_size({"width": 360, "height": 780})

    def test_sharing_a_page(self, author, own_errors):
        """Like Android, put the address into the text (see the manifest's share_target)."""
        target = author.request.get("/manifest.webmanifest").json()["share_target"]
        names = target["params"]
        query = {names["title"]: "Boats", names["text"]: "https://example.com/boats"}
        author.goto(f"{target['action']}?{urlencode(query)}")

        author.get_by_role("textbox", name="Text:", exact=True).fill("Worth it.")
        author.get_by_role("button", name="Publish").click()
        author.wait_for_url("**/done/**")

        post = Blogmark.objects.get()
        assert (post.link_url, post.link_title, post.body) == (
            "https://example.com/boats",
            "Boats",
            "Worth it.",
        )

    def test_the_bookmarklet_stays_in_the_tab(self, author, bookmarklet, site):
        author.goto(f"{site.root}/boats")
        author.evaluate(bookmarklet)
        author.wait_for_url("**/admin/capture/**")

        author.get_by_role("button", name="Publish").click()
        author.wait_for_url("**/done/**")

        assert Blogmark.objects.get().link_title == "How boats float"

    @pytest.mark.parametrize("kind", ["blogmark", "quotation", "note"])
    def test_nothing_is_wider_than_the_screen(self, author, kind):
        long = "https://example.com/" + "a" * 300
        make_blogmark(link_url=long, link_title="x" * 200)
        query = {
            "url": long,
            "title": "x" * 200,
            "text": "y" * 300,
            "via": f"https://{'b' * 60}.example/",
            "kind": kind,
        }

        author.goto(f"/admin/capture/?{urlencode(query)}")

        assert author.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        for button in author.locator(".capture-buttons button").all():
            assert button.bounding_box()["height"] >= 40
            expect(button).to_be_in_viewport()


def test_the_browser_can_install_the_site(page, browser_errors):
    page.goto("/")
    session = page.context.new_cdp_session(page)

    manifest = session.send("Page.getAppManifest")

    assert manifest["errors"] == []
    assert manifest["url"].endswith("/manifest.webmanifest")
    assert browser_errors == []
