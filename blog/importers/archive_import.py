"""The import of an archive folder: the tables that are known, and the order in which they are loaded."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike

from blog.database.bulk_insert import large_sqlite_cache
from blog.models import SiteSettings, Tag
from blog.models.bulk import analyze_tables

from .kinds import POST_IMPORTS
from .permalinks import PermalinkClaims, SamplePosts
from .posts import Renderer
from .redirects import RedirectImport
from .report import Report
from .sources.archive_folder import Table, read_folder
from .table import TableImport
from .tags_and_series import PreviousNameImport, SeriesImport, TagImport

# Each may refer to rows of those before it.
IMPORTS: list[type[TableImport]] = [
    SeriesImport,
    TagImport,
    PreviousNameImport,
    *POST_IMPORTS,
    RedirectImport,
]

REQUIRED_COLUMNS = {cls.table: cls.required for cls in IMPORTS} | {
    cls.tags_table(): (cls.foreign_key(), "tag_id") for cls in POST_IMPORTS
}


def read_archive(path: str | PathLike[str]) -> dict[str, Table]:
    """Check an archive folder and return its tables by name. Raises UnusableFolder."""
    return read_folder(path, REQUIRED_COLUMNS)


class ArchiveImport:
    """One run of an import, with the state that its table imports share."""

    renderer: Renderer
    samples: SamplePosts

    def __init__(self, tables: dict[str, Table], advance: Callable[[], object] = lambda: None) -> None:
        """`advance` is called once for each of the `total` rows."""
        self.tables = tables
        self.advance = advance
        self.total = sum(tables[cls.table].lines for cls in IMPORTS if cls.table in tables)
        self.report = Report()
        self.claims = PermalinkClaims()
        self._keys: dict[str, dict[int, int | None]] = {"tag": {}, "series": {}}
        self._archive_ids: dict[str, dict[int | None, str]] = {"tag": {}, "series": {}}

    def run(self) -> Report:
        with large_sqlite_cache():
            self.load()
            Tag.objects.store_current_tags()
            analyze_tables()
        return self.report

    def load(self) -> None:
        self.renderer = Renderer(SiteSettings.load())
        self.samples = SamplePosts(self.renderer)
        self.report_unused_tables()
        posts = [cls(self) for cls in POST_IMPORTS if cls.table in self.tables]
        for order, post_import in enumerate(posts):
            post_import.look_ahead(order)
        by_class: dict[type[TableImport], TableImport] = {type(created): created for created in posts}
        for cls in IMPORTS:
            if cls.table in self.tables:
                (by_class.get(cls) or cls(self)).load()

    def report_unused_tables(self) -> None:
        """Report the tables that will not be loaded. Drops tables of tags whose posts or tags are missing."""
        for name in self.tables.keys() - REQUIRED_COLUMNS.keys():
            self.report.leave_out(name, self.tables[name].lines, "this weblog has no place for its rows")
        for cls in POST_IMPORTS:
            missing = {cls.table, TagImport.table} - self.tables.keys()
            if cls.tags_table() in self.tables and missing:
                table = self.tables.pop(cls.tags_table())
                self.report.leave_out(table.name, table.lines, f"there is no {min(missing)} in the archive")

    def bind(self, name: str, row: int, key: int | None) -> None:
        """Record the primary key of the tag or series that the row became; None if it does not exist."""
        self._keys[name][row] = key
        self._archive_ids[name].setdefault(key, str(row))

    def is_bound(self, name: str, row: int | None) -> bool:
        return row in self._keys[name]

    def find(self, name: str, row: int | None) -> int | None:
        """Return the primary key of the archive's tag or series, or None."""
        return self._keys[name].get(row) if row is not None else None

    def archive_id(self, name: str, key: int) -> str:
        """Return the archive's id of a tag or series; for anything else a text made of the primary key."""
        return self._archive_ids.get(name, {}).get(key, f"{key} here")
