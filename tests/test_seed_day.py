"""A day of a real weblog, written through the admin, reads as it did for its readers.

The day is a text file outside the project: the site's title, the date, the posts newest first, each ending
with its time, and the breadcrumb.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.factories import utc
from tests.helpers.browsing import paths, permalinks, submit, text, texts, visit
from tests.helpers.writing import publish_at, write

SEED = Path(__file__).parents[2] / "shared" / "seed" / "2024-06-08.txt"
TIMES = {
    "9:43 pm": utc(2024, 6, 8, 21, 43),
    "9:41 pm": utc(2024, 6, 8, 21, 41),
    "5:48 pm": utc(2024, 6, 8, 17, 48),
}
#: The paragraphs of each post that are quotations, which the text alone does not show.
QUOTED = {"9:43 pm": set(), "9:41 pm": {1, 3, 5, 7}, "5:48 pm": {2, 5, 8}}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SEED.exists(), reason=f"{SEED} does not exist"),
]


@dataclass
class Link:
    title: str
    has_via: bool
    paragraphs: list
    time: str

    @property
    def quoted(self):
        return [self.paragraphs[n] for n in sorted(QUOTED[self.time])]

    @property
    def markdown(self):
        marked = (f"> {p}" if n in QUOTED[self.time] else p for n, p in enumerate(self.paragraphs))
        return "\n\n".join(marked)


@pytest.fixture
def seed():
    """The site's title, the date, the links newest first, and the breadcrumb."""
    title, day, *paragraphs, breadcrumb = re.split(r"\n\s*\n", SEED.read_text().strip())
    return title.strip(), day, list(read_links(paragraphs)), breadcrumb


def read_links(paragraphs):
    """Split the paragraphs into links. Each ends with its time; its first paragraph starts with its title."""
    collected = []
    for paragraph in paragraphs:
        words, _, time = paragraph.rpartition("# ")
        collected.append(words.strip() if time in TIMES else paragraph)
        if time in TIMES:
            has_via = " (via) " in collected[0]
            title, commentary = re.split(r" \(via\) |\. ", collected[0], maxsplit=1)
            yield Link(title, has_via, [commentary, *filter(None, collected[1:])], time)
            collected = []


@pytest.fixture
def page(seed, admin_client, client):
    """The page of the day, once its posts have been written."""
    title, _, links, _ = seed
    submit(admin_client, "/admin/blog/sitesettings/1/change/", form="#sitesettings_form", title=title)
    for n, link in enumerate(reversed(links)):
        write(
            admin_client,
            "blogmark",
            word="",
            link_url=f"https://example.com/{n}",
            link_title=link.title,
            via_url=f"https://via.example/{n}" if link.has_via else "",
            body=link.markdown,
            card_image="",
            **publish_at(TIMES[link.time]),
        )
    return visit(client, "/2024/Jun/8/")


def test_the_page_reads_like_the_original(page):
    shown = [page.select_one(".site-title"), page.main, page.select_one(".breadcrumb")]

    assert " ".join(text(part) for part in shown) == " ".join(SEED.read_text().split())


def test_the_page_is_headed_by_site_and_date(page, seed):
    title, day, _, _ = seed

    assert texts(page, ".site-title") == [title]
    assert texts(page, "h1") == [day] == ["Saturday, 8th June 2024"]


def test_the_links_are_listed_newest_first(page, seed):
    _, _, links, _ = seed

    assert len(links) == 3
    assert texts(page, ".h-entry .p-name") == [link.title for link in links]
    assert paths(page, ".u-bookmark-of") == [f"https://example.com/{n}" for n in (2, 1, 0)]
    assert [(text(a), a["href"]) for a in page.select("main a[href^='https://via.example']")] == [
        ("via", "https://via.example/2"),
        ("via", "https://via.example/1"),
    ]


def test_quotations_are_blockquotes(page, seed):
    _, _, links, _ = seed

    assert texts(page, "blockquote") == [" ".join(quote.split()) for link in links for quote in link.quoted]
    assert len(page.select("blockquote")) == 7


def test_times_are_permalinks_and_the_breadcrumb_is_linked(page, client):
    assert texts(page, "a[rel~=bookmark]") == ["# 9:43 pm", "# 9:41 pm", "# 5:48 pm"]
    assert paths(page, ".breadcrumb a") == ["/2024/", "/2024/Jun/"]
    for path in [*permalinks(page), *paths(page, ".breadcrumb a")]:
        visit(client, path)
