"""Screenshots of every type of page at three widths and in both themes.

    python -m tests.browser.screenshots FOLDER [--site SITE ...] [PAGE ...]

creates three sites (see `tests.browser.sites`), or those named, and writes for each page
FOLDER/<site>/<page>-<width>-<theme>.png and a contact sheet of all six; for some pages also a PDF of the
printed page. SITE may also be the URL of a running site. PAGE is a name such as `day`, or a path such as
`/2024/Jun/8/`. Prints the flaws that `tests.browser.flaws` detects. CHROMIUM is the path of the browser,
/usr/bin/chromium by default.
"""

import os
import sys
from argparse import ArgumentParser
from contextlib import contextmanager, nullcontext
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urljoin

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.flaws import flaws
from tests.browser.sites import AUTHOR, GONE_PATH, PASSWORD, SITES, break_database, serve_site

DEFAULT_SITES = ("archive", "hostile", "empty")
WIDTHS = (360, 768, 1280)
THEMES = ("light", "dark")
MAX_HEIGHT = 5000  # pixels
CAPTURE = {
    "url": "https://example.com/boats",
    "title": "Boats",
    "text": "They float.",
    "via": "https://example.org/",
}

#: Pages with a fixed path.
PATHS = {
    "home": "/",
    "entries": "/entries/",
    "blogmarks": "/blogmarks/",
    "quotations": "/quotations/",
    "notes": "/notes/",
    "tags": "/tags/",
    "all-series": "/series/",
    "sites": "/links/",
    "found-via": "/via/",
    "feeds": "/feeds/",
    "about": "/about/",
    "search": "/search/",
    "results": "/search/?q=the",
    "narrowed": "/search/?q=the&type=note&year=2024",
    "hard-search": '/search/?q="and+so+on"+-without+begin*+type:nothing+from:2024-13-99+tag:x+tag:y',
    "no-results": "/search/?q=xyzzyplugh",
    "not-found": "/2024/no-such-page/",
    "not-found-but": "/2024/words-and/",
    "bad-request": "/%00/",
    "gone": GONE_PATH,
}
#: Pages to find through a link: the page with the link, and its selector.
LINKED_PAGES = {
    "day": ("home", ".day a"),
    "month": ("day", ".breadcrumb a:last-child"),
    "year": ("day", ".breadcrumb a:first-child"),
    "first-year": ("home", ".years a"),
    "entry": ("entries", ".permalink"),
    "blogmark": ("blogmarks", ".permalink"),
    "quotation": ("quotations", ".permalink"),
    "note": ("notes", ".permalink"),
    "rare-tag": ("tags", ".cloud li a"),
    "tag": ("tags", ".cloud .size-6 a"),
    "two-tags": ("entry", ".meta .p-category"),
    "series": ("all-series", "main h2 a"),
    "site": ("sites", ".sites a"),
    "via": ("found-via", ".sites a"),
    "page-2": ("blogmarks", ".pagination [rel=next]"),
}
#: Pages of the admin.
ADMIN_PATHS = {
    "admin": "/admin/",
    "admin-posts": "/admin/blog/post/",
    "admin-notes": "/admin/blog/note/",
    "admin-add": "/admin/blog/blogmark/add/",
    "admin-settings": "/admin/blog/sitesettings/",
    "admin-tag-clean-up": "/admin/blog/tag/clean-up/",
    "admin-subscribers": "/admin/blog/subscribercount/",
    "capture": f"/admin/capture/?{urlencode(CAPTURE)}",
}
PRINTED_PAGES = ("home", "day", "entry")
LAUNCH = {
    "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--hide-scrollbars",
    ],
}


class Camera:
    """A browser window on a site, which saves screenshots to a folder."""

    def __init__(self, window, root, folder):
        self.page = window.pages[0]
        self.root = root
        self.folder = folder
        self.flaws = []

    def find_pages(self):
        """Return {name: URL} of the types of page that the site has."""
        pages = {name: urljoin(self.root, path) for name, path in PATHS.items()}
        for name, (place, selector) in LINKED_PAGES.items():
            if place in pages and (link := self.find(pages[place], selector)):
                pages[name] = link
        if {"tag", "two-tags"} <= pages.keys():  # so far the URL of the second tag only
            pages["two-tags"] = f"{pages['tag'].rstrip('/')}+{pages['two-tags'].rsplit('/', 2)[1]}/"
        return pages

    def find(self, address, selector):
        self.page.goto(address)
        link = self.page.query_selector(selector)
        return link and urljoin(address, link.get_attribute("href"))

    def take(self, name, address):
        """Take the six screenshots of a page, and record its flaws."""
        self.take_after(name, lambda: self.page.goto(address))

    def take_after(self, name, show):
        """Take the six screenshots, calling `show()` before each."""
        files = {}
        for theme, width in product(THEMES, WIDTHS):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=theme)
            show()
            height = min(MAX_HEIGHT, self.page.evaluate("document.documentElement.scrollHeight"))
            files[width, theme] = self.folder / f"{name}-{width}-{theme}.png"
            clip = {"x": 0, "y": 0, "width": width, "height": height}
            self.page.screenshot(path=files[width, theme], full_page=True, clip=clip)
            if theme == THEMES[0]:
                self.flaws += [f"{name} at {width} px: {flaw}" for flaw in flaws(self.page)]
        make_sheet(files.values()).save(self.folder / f"{name}.png")

    def print(self, name, address):
        self.page.goto(address)
        self.page.pdf(path=self.folder / f"{name}.pdf", format="A4")

    def fail_csrf_check(self):
        """Submit the login form without its CSRF cookie."""
        self.page.goto(urljoin(self.root, "/admin/login/"))
        self.page.context.clear_cookies()
        self.page.get_by_label("Username").fill(AUTHOR)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_load_state()

    def log_in(self):
        self.page.goto(urljoin(self.root, "/admin/"))
        self.page.get_by_label("Username").fill(AUTHOR)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_url("**/admin/")


def make_sheet(files, height=1400):
    """Place all screenshots side by side, cropped to the given height."""
    images = [Image.open(file) for file in files]
    width = sum(image.width for image in images)
    sheet = Image.new("RGB", (width, min(height, max(image.height for image in images))), "#888")
    left = 0
    for image in images:
        sheet.paste(image, (left, 0))
        left += image.width
    return sheet


@contextmanager
def open_camera(root, folder):
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as profile, sync_playwright() as playwright:
        window = playwright.chromium.launch_persistent_context(profile, locale="en", **LAUNCH)
        window.set_default_timeout(60_000)
        yield Camera(window, root, folder)
        window.close()


def choose(pages, wanted, root):
    """Return the pages that are wanted by name or path, or all if none is."""
    paths = {
        name.strip("/").replace("/", "-"): urljoin(root, name) for name in wanted if name.startswith("/")
    }
    return paths | {name: pages[name] for name in wanted if name in pages} if wanted else pages


def take_all(root, folder, wanted, scratch=None):
    """Take the screenshots of a site. Returns its flaws.

    The site's scratch folder is needed for pages of the admin and for the error page.
    """
    with open_camera(root, folder) as camera:
        pages = choose(camera.find_pages(), wanted, root)
        for name, address in pages.items():
            camera.take(name, address)
        for name in set(PRINTED_PAGES) & pages.keys():
            camera.print(name, pages[name])
        if "forbidden" in (wanted or ["forbidden"]):
            camera.take_after("forbidden", camera.fail_csrf_check)
        if scratch:
            camera.log_in()
            for name, address in choose({n: root + p for n, p in ADMIN_PATHS.items()}, wanted, root).items():
                camera.take(name, address)
        if scratch and "error" in (wanted or ["error"]):
            break_database(scratch)
            camera.take("error", root + "/notes/?broken")
        return camera.flaws


def main(arguments):
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--site", action="append", help=f"{', '.join(SITES)}, or a URL; default: {', '.join(DEFAULT_SITES)}"
    )
    parser.add_argument("pages", nargs="*", metavar="page")
    options = parser.parse_intermixed_args(arguments)
    count = 0
    for name in options.site or DEFAULT_SITES:
        is_running = name.startswith("http")
        with (
            TemporaryDirectory() as scratch,
            nullcontext(name) if is_running else serve_site(name, Path(scratch)) as root,
        ):
            folder = options.folder if is_running else options.folder / name
            flaws = take_all(root, folder, options.pages, None if is_running else Path(scratch))
        count += len(flaws)
        print("\n".join([f"{name}: see {folder}/.", *flaws]), flush=True)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
