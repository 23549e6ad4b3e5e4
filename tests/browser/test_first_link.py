"""The first steps of a new author."""

from blog.models import Post

PAGES = [
    *[
        "/",
        "/entries/",
        "/blogmarks/",
        "/quotations/",
        "/notes/",
        "/tags/",
        "/series/",
        "/about/",
        "/search/?q=a",
    ],
    *["/admin/", "/admin/blog/note/", "/admin/blog/tag/", "/admin/blog/page/", "/admin/password_change/"],
    *[f"/admin/blog/{model}/add/" for model in ("entry", "blogmark", "quotation", "series", "redirect")],
    "/admin/blog/sitesettings/1/change/",
]


def save(page):
    """Publish, whatever the check finds."""
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.locator(".messagelist .success, .publish-check li").first.wait_for()
    if page.locator(".publish-check li").count():
        page.get_by_role("button", name="Publish anyway").click()
        page.locator(".messagelist .success").wait_for()


def test_an_author_publishes_a_first_link(author, browser_errors):
    page = author
    page.get_by_role("row", name="Links").get_by_role("link", name="Add").click()
    page.get_by_label("Link URL").fill("https://example.com/boats")
    page.get_by_label("Link title").fill("How boats float")
    page.get_by_label("Commentary").fill("With *drawings*.")
    page.get_by_label("Tags").fill("boats, physics")
    save(page)

    page.locator("#result_list").get_by_role("link", name="Public").click()

    assert page.get_by_role("heading", level=1).inner_text() == "How boats float"
    assert page.locator(".e-content em").inner_text() == "drawings"
    assert page.locator("a[rel=tag]").all_inner_texts() == ["boats", "physics"]
    assert page.url.endswith("/how-boats-float/")
    assert browser_errors == []


def test_an_author_changes_the_site_settings(author, browser_errors):
    page = author
    page.goto("/admin/blog/sitesettings/1/change/")
    page.get_by_label("Title").fill("Harbour")
    page.get_by_label("Embed hosts").fill("www.youtube.com")
    save(page)

    page.goto("/")

    assert page.get_by_role("heading", level=1).inner_text() == "Harbour"
    assert browser_errors == []


def test_two_quotations_of_the_same_person_on_a_day_get_different_slugs(author, browser_errors):
    page = author
    for words in ("So it is.", "So it was."):
        page.goto("/admin/blog/quotation/add/")
        page.get_by_label("Quotation").fill(words)
        page.get_by_label("Source:", exact=True).fill("Ada Lovelace")
        save(page)

    assert list(Post.objects.order_by("pk").values_list("slug", flat=True)) == [
        "ada-lovelace",
        "ada-lovelace-2",
    ]
    assert browser_errors == []


def test_no_page_causes_browser_errors(author, browser_errors):
    author.goto("/admin/blog/note/add/")
    author.get_by_label("Text:", exact=True).fill("About *boats*.\n\n    code")
    author.get_by_label("Tags").fill("boats")
    save(author)
    post = Post.objects.get()

    for path in [*PAGES, post.get_absolute_url(), post.get_day_url(), f"/admin/blog/note/{post.pk}/change/"]:
        author.goto(path)

    assert browser_errors == []


def test_forbidden_scripts_are_detected(page, browser_errors):
    page.goto("/")

    with page.expect_console_message():
        page.evaluate("document.head.append(Object.assign(document.createElement('script'), {text: '1'}))")

    assert "Content Security Policy" in browser_errors[0]
