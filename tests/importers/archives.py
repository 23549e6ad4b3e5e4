"""Small archive folders for tests: rows with defaults, written in the format of a real archive."""

import json
from collections import defaultdict
from pathlib import Path

from blog.importers.archive_import import ArchiveImport, read_archive

POST = {
    "id": 1,
    "slug": None,
    "created": "2024-06-08T09:43:00+00:00",
    "metadata": "{}",
    "import_ref": None,
    "card_image": None,
    "series_id": None,
    "is_draft": 0,
}
DEFAULTS = {
    "blog_entry": POST
    | {
        "title": "A title",
        "body": "<p>Words.</p>",
        "tweet_html": None,
        "extra_head_html": None,
        "custom_template": None,
        "live_timezone": None,
    },
    "blog_blogmark": POST
    | {
        "link_url": "https://example.com/page",
        "link_title": "A page",
        "via_url": None,
        "via_title": None,
        "commentary": "Worth reading.",
        "use_markdown": 0,
        "title": "",
    },
    "blog_quotation": POST
    | {
        "quotation": "Some words.",
        "source": "Somebody",
        "source_url": "https://example.com/said",
        "context": None,
    },
    "blog_note": POST | {"body": "A *note*.", "title": ""},
    "blog_tag": {"id": 1, "tag": "boats", "description": ""},
    "blog_previoustagname": {"id": 1, "previous_name": "ships", "tag_id": 1},
    "blog_series": {
        "id": 1,
        "created": "2024-01-01T00:00:00+00:00",
        "slug": "at-sea",
        "title": "At sea",
        "summary": "",
    },
    "redirects_redirect": {
        "id": 1,
        "domain": "old.example",
        "path": "there",
        "target": "https://blog.example/here/",
        "created": "2017-10-01T21:11:36.440537+00:00",
    },
}


class Archive:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.rows = defaultdict(list)
        self.columns = {}

    def add(self, table, **values):
        """Add a row, with defaults for missing columns and the next id."""
        row = DEFAULTS.get(table, {}) | {"id": len(self.rows[table]) + 1} | values
        if "slug" in row and row["slug"] is None and "slug" not in values:
            row["slug"] = f"{table.removeprefix('blog_')}-{row['id']}"
        self.rows[table].append(row)
        return row

    def entry(self, **values):
        return self.add("blog_entry", **values)

    def blogmark(self, **values):
        return self.add("blog_blogmark", **values)

    def quotation(self, **values):
        return self.add("blog_quotation", **values)

    def note(self, **values):
        return self.add("blog_note", **values)

    def tag(self, name, **values):
        return self.add("blog_tag", tag=name, **values)

    def give_tag(self, kind, post, tag, **values):
        return self.add(f"blog_{kind}_tags", **{f"{kind}_id": post, "tag_id": tag}, **values)

    def write(self):
        self.folder.mkdir(exist_ok=True)
        for table, rows in self.rows.items():
            columns = self.columns.get(table) or list(dict.fromkeys(column for row in rows for column in row))
            self.write_metadata(table, {"name": table, "columns": columns})
            lines = [json.dumps([row.get(column) for column in columns]) for row in rows]
            self.write_rows(table, *lines)
        return self.folder

    def write_metadata(self, table, metadata):
        self.folder.mkdir(exist_ok=True)
        (self.folder / f"{table}.metadata.json").write_text(json.dumps(metadata))

    def write_rows(self, table, *lines):
        (self.folder / f"{table}.ndjson").write_text("".join(f"{line}\n" for line in lines))

    def add_line(self, table, line):
        """Append a line to the rows that were written."""
        with open(self.folder / f"{table}.ndjson", "ab") as file:
            file.write(line if isinstance(line, bytes) else f"{line}\n".encode())

    def load(self, write=True):
        """Import the archive. Returns the report."""
        return ArchiveImport(read_archive(self.write() if write else self.folder)).run()
