"""Rendering preserves the words, links, images and code of every text in the archive.

Skipped if there is no archive folder.
"""

import json
import re
from pathlib import Path

import markdown
import pytest
from bs4 import BeautifulSoup

from blog import markup
from tests.markup.inspection import dangers, is_balanced

ARCHIVE = Path(__file__).parents[3] / "shared" / "archive"
TEXTS = [
    ("blog_entry", "body", markup.Format.HTML),
    ("blog_blogmark", "commentary", None),
    ("blog_note", "body", markup.Format.MARKDOWN),
    ("blog_quotation", "quotation", markup.Format.MARKDOWN),
]
# Excluded from the comparison: elements dropped with their content or replaced by a link.
REPLACED = ["script", "style", "object", "embed", "iframe", "select", "title", "template", "svg", "math"]
SAFE = re.compile(r"^(?!\s*(?:javascript|data|vbscript|view-source):)", re.I)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not ARCHIVE.is_dir(), reason=f"there is no archive at {ARCHIVE}"),
]


def rows(table):
    columns = json.loads((ARCHIVE / f"{table}.metadata.json").read_text())["columns"]
    for line in (ARCHIVE / f"{table}.ndjson").read_text().splitlines():
        yield dict(zip(columns, json.loads(line), strict=True))


def format_of(row):
    return markup.Format.MARKDOWN if row["use_markdown"] else markup.Format.TEXT


def reference(source, format):
    """Convert the source to HTML in the simplest way, without our own code."""
    if format == markup.Format.MARKDOWN:
        return markdown.markdown(source, extensions=["tables", "footnotes"])
    return source if format == markup.Format.HTML else source.replace("&", "&amp;").replace("<", "&lt;")


class Content:
    """The content of a piece of HTML, without links that are not among `expected_links`."""

    def __init__(self, html, expected_links=None):
        tree = BeautifulSoup(html, "html5lib").body
        for element in tree.find_all(REPLACED):
            element.decompose()
        for link in tree.find_all("a", href=SAFE):
            is_added = link["href"] not in (expected_links or ()) or link.find_parent("lite-youtube")
            if expected_links is not None and is_added:
                link.decompose()  # it replaces a plugin, or is the fallback of a custom element
        self.text = _without_typography(tree.get_text())
        self.links = [a["href"] for a in tree.find_all("a", href=SAFE)]
        self.images = [
            (i.get("src"), i.get("alt"), i.get("title"), i.get("width")) for i in tree.find_all("img")
        ]
        self.cited = [e["cite"] for e in tree.find_all(cite=SAFE)]
        self.code = [pre.get_text() for pre in tree.find_all("pre")]
        self.ids = {e["id"] for e in tree.find_all(id=True)}
        self.classes = {name for e in tree.find_all(class_=True) for name in e["class"]}


def _without_typography(text):
    text = text.translate(str.maketrans("‘’“”", "''\"\""))
    return " ".join(re.sub(r"\s*(?:[—–]|(?<!-)-{1,3}(?!-))\s*", "-", text).split())


@pytest.mark.parametrize(("table", "column", "format"), TEXTS, ids=[text[0] for text in TEXTS])
def test_rendering_preserves_the_content(table, column, format):
    texts = 0
    for row in rows(table):
        texts += 1
        source = markup.strip_controls(row[column] or "")
        kind = format or format_of(row)

        html = markup.render(source, kind)

        before = Content(reference(source, kind))
        after = Content(html, before.links)
        where = f"{table} {row['id']}"
        if "```" not in source and "~~~" not in source:  # the reference doesn't support fences
            assert after.text == before.text, where
            assert after.code == before.code, where
        assert after.links == before.links, where
        assert after.images == before.images, where
        assert after.cited == before.cited, where
        assert after.ids >= before.ids, where
        assert after.classes >= before.classes, where
        assert not list(dangers(html)), where
        assert is_balanced(html), where
    assert texts > 50


@pytest.mark.parametrize(("table", "column", "format"), TEXTS, ids=[text[0] for text in TEXTS])
def test_every_text_with_content_has_an_excerpt(table, column, format):
    texts = 0
    for row in rows(table):
        texts += 1
        html = markup.render(row[column] or "", format or format_of(row))

        excerpt = markup.excerpt(html)

        assert is_balanced(excerpt), row["id"]
        assert bool(excerpt) == bool(markup.plain(html) or "<img" in html), row["id"]
        assert not list(dangers(excerpt)), row["id"]
    assert texts > 50
