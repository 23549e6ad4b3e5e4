"""Load posts of each kind. Columns of a kind without a class here are named after its fields."""

import html
import re

from blog.models import Blogmark, Entry, Post, Quotation

from .posts import PostImport
from .row import InvalidRow, Row
from .table import Fields

MAX_TITLE_LENGTH = Blogmark._meta.get_field("link_title").max_length


class EntryImport(PostImport):
    """Loads entries. Bodies are XHTML, and so are titles: one about <hr> contains `&lt;hr&gt;`."""

    table = "blog_entry"
    model = Entry

    def own_fields(self, row: Row, slug: str) -> Fields:
        title = re.sub(r"&#?\w+;", lambda entity: html.unescape(entity[0]), row.line("title"))
        if not title:
            title = slug or "Untitled"
            row.notes.append(f"has no title; it is called “{title}”")
        return {"title": title, "body": row.text("body"), "format": Post.Format.HTML}


class BlogmarkImport(PostImport):
    table = "blog_blogmark"
    model = Blogmark

    def own_fields(self, row: Row, slug: str) -> Fields:
        url, title = row.url("link_url"), row.line("link_title")
        if not url:
            raise InvalidRow("has no link_url")
        if not title:
            title = url[:MAX_TITLE_LENGTH]
            row.notes.append("has no link_title; its URL is shown instead")
        return {
            "link_url": url,
            "link_title": title,
            "via_url": row.optional_url("via_url"),
            "via_title": row.line("via_title"),
            "title": row.line("title"),
            "body": row.text("commentary"),
            "format": Post.Format.MARKDOWN if row.flag("use_markdown") else Post.Format.TEXT,
        }


class QuotationImport(PostImport):
    """Loads quotations. Old ones are plain text, which means the same in Markdown."""

    table = "blog_quotation"
    model = Quotation

    def own_fields(self, row: Row, slug: str) -> Fields:
        source = row.line("source")
        if not source:
            source = "Unknown"
            row.notes.append(f"has no source; it is attributed to “{source}”")
        return {
            "source": source,
            "source_url": row.optional_url("source_url"),
            "context": row.line("context"),
            "body": row.text("quotation"),
            "format": Post.Format.MARKDOWN,
        }


def import_class_for(kind: type[Post]) -> type[PostImport]:
    """Return the class above that loads the kind, or a subclass of `PostImport` made for it."""
    name = kind._meta.model_name
    own: dict[type[Post], type[PostImport]] = {
        cls.model: cls for cls in (EntryImport, BlogmarkImport, QuotationImport)
    }
    return own.get(kind) or type(
        f"{kind.__name__}Import", (PostImport,), {"table": f"blog_{name}", "model": kind}
    )


POST_IMPORTS = [import_class_for(kind) for kind in Post.kinds().values()]
