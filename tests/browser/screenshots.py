"""Pictures of every kind of page of a running site, at three widths and in both themes, for looking at.

    python -m tests.browser.screenshots URL FOLDER [PAGE ...]

writes FOLDER/<page>-<width>-<theme>.png: all pages, or only those named, such as `day`, `tag` or
`/2024/Jun/8/`. A page that is wider than the window is reported. CHROMIUM names the browser; by default it
is /usr/bin/chromium.
"""

import os
import sys
from argparse import ArgumentParser
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin

from playwright.sync_api import sync_playwright

WIDTHS = (360, 768, 1280)
THEMES = ("light", "dark")

#: Pages that have an address of their own ...
ADDRESSES = {
    "home": "/",
    "entries": "/entries/",
    "blogmarks": "/blogmarks/",
    "quotations": "/quotations/",
    "notes": "/notes/",
    "tags": "/tags/",
    "all-series": "/series/",
    "about": "/about/",
    "search": "/search/",
    "results": "/search/?q=the",
    "no-results": "/search/?q=xyzzyplugh",
    "not-found": "/2024/no-such-page/",
    "bad-request": "/%00/",
}
#: ... and those that another page leads to: where the link is, and which it is.
LINKS = {
    "day": ("home", ".day a"),
    "month": ("day", ".breadcrumb a:last-child"),
    "year": ("day", ".breadcrumb a:first-child"),
    "entry": ("entries", ".permalink"),
    "blogmark": ("blogmarks", ".permalink"),
    "quotation": ("quotations", ".permalink"),
    "note": ("notes", ".permalink"),
    "tag": ("tags", ".cloud .size-6 a"),
    "series": ("all-series", "main h2 a"),
    "page-2": ("blogmarks", ".pagination [rel=next]"),
}
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


def find_pages(page, root):
    """The address of each kind of page that the site has, by name."""
    pages = {name: urljoin(root, path) for name, path in ADDRESSES.items()}
    for name, (place, selector) in LINKS.items():
        if place not in pages:
            continue
        page.goto(pages[place])
        link = page.query_selector(selector)
        if link:
            pages[name] = urljoin(pages[place], link.get_attribute("href"))
    return pages


def choose(pages, wanted, root):
    """The pages wanted, by name or by path; all of them if nothing is."""
    paths = {
        path.strip("/").replace("/", "-"): urljoin(root, path) for path in wanted if path.startswith("/")
    }
    names = {name: pages[name] for name in wanted if name in pages}
    return names | paths or pages


def take(page, address, file):
    """Take the picture, and return by how many pixels the page is wider than the window."""
    page.goto(address)
    page.screenshot(path=file, full_page=True)
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def main(arguments):
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("pages", nargs="*", metavar="page")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    too_wide = 0
    with TemporaryDirectory() as profile, sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(profile, **LAUNCH)
        page = browser.new_page()
        pages = choose(find_pages(page, options.url), options.pages, options.url)
        for name, width, theme in product(pages, WIDTHS, THEMES):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=theme)
            excess = take(page, pages[name], options.folder / f"{name}-{width}-{theme}.png")
            if excess > 0:
                too_wide += 1
                print(f"{name} is {excess} px wider than a window of {width} px: {pages[name]}")
        browser.close()
    print(f"{len(pages) * len(WIDTHS) * len(THEMES)} pictures are in {options.folder}/.")
    return 1 if too_wide else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
