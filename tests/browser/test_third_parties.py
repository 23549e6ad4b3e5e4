"""No page of the admin makes requests to other sites."""

import re

from django.core.files.base import ContentFile

from blog.models import Image, PreviewLink
from tests.factories import make_blogmark, make_note, make_redirect, make_series, make_timeline
from tests.helpers.photographs import photograph

#: Pages that need no visit of their own.
SKIPPED = re.compile(r"/admin/(logout|jsi18n|auth|r)/|/(delete|history)/|[?]")


def pattern(path):
    return re.sub(r"\d+", "1", path)


def links_of(page):
    """Return the paths of the admin that the page links to."""
    hrefs = page.eval_on_selector_all("a[href]", "links => links.map(link => new URL(link.href).pathname)")
    return [href for href in hrefs if href.startswith("/admin/") and not SKIPPED.search(href)]


def test_no_page_of_the_admin_contacts_a_third_party(author, browser_errors, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    image = Image.store_upload(ContentFile(photograph(200, 100), name="boat.jpg"))
    make_timeline(4)
    make_series()
    make_redirect(target="https://example.com/")
    make_blogmark(link_url="https://example.com/boats", via_url="https://example.org/")
    text = f"![]({image.get_absolute_url()})\n\n<iframe src='https://www.youtube.com/embed/x'></iframe>"
    note = make_note(body=text, is_draft=True)
    PreviewLink.objects.create(post=note)
    query = "url=https://example.com/boats&text=They+float."
    seen, waiting = set(), ["/admin/", f"/admin/capture/?{query}", f"/admin/blog/note/{note.pk}/history/"]

    while waiting:
        path = waiting.pop()
        if pattern(path) in seen:
            continue
        seen.add(pattern(path))
        author.goto(path, wait_until="networkidle" if "change/" in path or "?" in path else "load")
        waiting += links_of(author)

    assert browser_errors == []
    assert {"/admin/blog/post/", "/admin/blog/note/1/change/", "/admin/blog/note/1/history/"} <= seen
    assert {
        "/admin/blog/image/1/change/",
        "/admin/blog/tag/clean-up/",
        "/admin/blog/redirect/1/change/",
    } <= seen
