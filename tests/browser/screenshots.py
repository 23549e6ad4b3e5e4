"""Pictures of every type of page at three widths and in both themes, and what a program finds wrong.

    python -m tests.browser.screenshots FOLDER [--site SITE ...] [PAGE ...]

makes the three sites of `tests.browser.sites`, or those named, and writes of each page
FOLDER/<site>/<page>-<width>-<theme>.png, a sheet of all six, and of some the page as it is printed.
A site may also be the address of one that runs. PAGE is a name such as `day`, or a path such as
`/2024/Jun/8/`. What `tests.browser.flaws` finds is printed. CHROMIUM names the browser; by default it
is /usr/bin/chromium.
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
from tests.browser.sites import AUTHOR, FILL, GONE, PASSWORD, break_database, site

SITES = ("archive", "hostile", "empty")
WIDTHS = (360, 768, 1280)
THEMES = ("light", "dark")
TALLEST = 5000  # pixels of a page in a picture
CAPTURED = {
    "url": "https://example.com/boats",
    "title": "Boats",
    "text": "They float.",
    "via": "https://example.org/",
}

#: Pages that have an address of their own ...
ADDRESSES = {
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
    "gone": GONE,
}
#: ... those that another page leads to: where the link is, and which it is ...
LINKS = {
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
#: ... and those of the author.
OF_THE_AUTHOR = {
    "admin": "/admin/",
    "admin-posts": "/admin/blog/post/",
    "admin-notes": "/admin/blog/note/",
    "admin-add": "/admin/blog/blogmark/add/",
    "admin-settings": "/admin/blog/sitesettings/",
    "admin-tag-clean-up": "/admin/blog/tag/clean-up/",
    "admin-subscribers": "/admin/blog/subscribercount/",
    "capture": f"/admin/capture/?{urlencode(CAPTURED)}",
}
PRINTED = ("home", "day", "entry")
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
    """A window on a site, that takes pictures of it into a folder."""

    def __init__(self, window, root, folder):
        self.page = window.pages[0]
        self.root = root
        self.folder = folder
        self.flaws = []

    def find_pages(self):
        """The address of each type of page that the site has, by name."""
        pages = {name: urljoin(self.root, path) for name, path in ADDRESSES.items()}
        for name, (place, selector) in LINKS.items():
            if place in pages and (link := self.find(pages[place], selector)):
                pages[name] = link
        if {"tag", "two-tags"} <= pages.keys():  # it is that of the one, so far
            pages["two-tags"] = f"{pages['tag'].rstrip('/')}+{pages['two-tags'].rsplit('/', 2)[1]}/"
        return pages

    def find(self, address, selector):
        self.page.goto(address)
        link = self.page.query_selector(selector)
        return link and urljoin(address, link.get_attribute("href"))

    def take(self, name, address):
        """Six pictures of the page at an address, and what is wrong with it."""
        self.take_what(name, lambda: self.page.goto(address))

    def take_what(self, name, show):
        """The same of what a function shows."""
        files = {}
        for theme, width in product(THEMES, WIDTHS):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=theme)
            show()
            height = min(TALLEST, self.page.evaluate("document.documentElement.scrollHeight"))
            files[width, theme] = self.folder / f"{name}-{width}-{theme}.png"
            clip = {"x": 0, "y": 0, "width": width, "height": height}
            self.page.screenshot(path=files[width, theme], full_page=True, clip=clip)
            if theme == THEMES[0]:
                self.flaws += [f"{name} at {width} px: {flaw}" for flaw in flaws(self.page)]
        make_sheet(files.values()).save(self.folder / f"{name}.png")

    def print(self, name, address):
        self.page.goto(address)
        self.page.pdf(path=self.folder / f"{name}.pdf", format="A4")

    def be_refused(self):
        """Send a form without the cookie that belongs to it."""
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
    """All pictures side by side, as far as a screen or two show them."""
    pictures = [Image.open(file) for file in files]
    width = sum(picture.width for picture in pictures)
    sheet = Image.new("RGB", (width, min(height, max(picture.height for picture in pictures))), "#888")
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width
    return sheet


@contextmanager
def camera(root, folder):
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as profile, sync_playwright() as playwright:
        window = playwright.chromium.launch_persistent_context(profile, locale="en", **LAUNCH)
        window.set_default_timeout(60_000)
        yield Camera(window, root, folder)
        window.close()


def choose(pages, wanted, root):
    """The pages wanted, by name or by path; all of them if nothing is."""
    paths = {
        name.strip("/").replace("/", "-"): urljoin(root, name) for name in wanted if name.startswith("/")
    }
    return paths | {name: pages[name] for name in wanted if name in pages} if wanted else pages


def picture(root, folder, wanted, scratch=None):
    """Take all pictures of a site; answers what is wrong with it, a line each.

    With its scratch folder also those of the author's pages and of an error.
    """
    with camera(root, folder) as taken:
        pages = choose(taken.find_pages(), wanted, root)
        for name, address in pages.items():
            taken.take(name, address)
        for name in set(PRINTED) & pages.keys():
            taken.print(name, pages[name])
        if "forbidden" in (wanted or ["forbidden"]):
            taken.take_what("forbidden", taken.be_refused)
        if scratch:
            taken.log_in()
            for name, address in choose(
                {n: root + p for n, p in OF_THE_AUTHOR.items()}, wanted, root
            ).items():
                taken.take(name, address)
        if scratch and "error" in (wanted or ["error"]):
            break_database(scratch)
            taken.take("error", root + "/notes/?broken")
        return taken.flaws


def main(arguments):
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--site", action="append", help=f"{', '.join(FILL)}, or an address; all three if not given"
    )
    parser.add_argument("pages", nargs="*", metavar="page")
    options = parser.parse_intermixed_args(arguments)
    found = 0
    for name in options.site or SITES:
        runs = name.startswith("http")
        with (
            TemporaryDirectory() as scratch,
            nullcontext(name) if runs else site(name, Path(scratch)) as root,
        ):
            folder = options.folder if runs else options.folder / name
            flaws = picture(root, folder, options.pages, None if runs else Path(scratch))
        found += len(flaws)
        print("\n".join([f"{name}: pictures are in {folder}/.", *flaws]), flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
