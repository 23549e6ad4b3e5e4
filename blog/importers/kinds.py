"""What the tables of entries, links, quotations and notes say. A new kind is a class here."""

import html
import re

from blog.models import Blogmark, Entry, Note, Post, Quotation

from .posts import PostImport
from .row import Unloadable

LONGEST_TITLE = Blogmark._meta.get_field("link_title").max_length


class EntryImport(PostImport):
    """Bodies are XHTML, and so are titles: a title about <hr> has it as `&lt;hr&gt;`."""

    table = "blog_entry"
    model = Entry

    def own_fields(self, row, slug):
        title = re.sub(r"&#?\w+;", lambda entity: html.unescape(entity[0]), row.words("title"))
        if not title:
            title = slug or "Untitled"
            row.notes.append(f"has no title: it is called “{title}”")
        return {"title": title, "body": row.text("body"), "format": Post.Format.HTML}


class BlogmarkImport(PostImport):
    table = "blog_blogmark"
    model = Blogmark

    def own_fields(self, row, slug):
        url, title = row.url("link_url"), row.words("link_title")
        if not url:
            raise Unloadable("has no link_url")
        if not title:
            title = url[:LONGEST_TITLE]
            row.notes.append("has no link_title: its address is shown instead")
        return {
            "link_url": url,
            "link_title": title,
            "via_url": row.optional_url("via_url"),
            "via_title": row.words("via_title"),
            "title": row.words("title"),
            "body": row.text("commentary"),
            "format": Post.Format.MARKDOWN if row.flag("use_markdown") else Post.Format.TEXT,
        }


class QuotationImport(PostImport):
    """Whatever its age, the text is Markdown: plain words are the same in it."""

    table = "blog_quotation"
    model = Quotation

    def own_fields(self, row, slug):
        source = row.words("source")
        if not source:
            source = "Unknown"
            row.notes.append(f"has no source: it is “{source}”")
        return {
            "source": source,
            "source_url": row.optional_url("source_url"),
            "context": row.words("context"),
            "body": row.text("quotation"),
            "format": Post.Format.MARKDOWN,
        }


class NoteImport(PostImport):
    table = "blog_note"
    model = Note

    def own_fields(self, row, slug):
        return {"title": row.words("title"), "body": row.text("body"), "format": Post.Format.MARKDOWN}


KINDS = [EntryImport, BlogmarkImport, QuotationImport, NoteImport]
