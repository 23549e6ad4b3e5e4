"""A whole archive folder: which tables are known, and in which order they are loaded."""

from blog.database.bulk_insert import large_sqlite_cache
from blog.models import SiteSettings
from blog.models.bulk import analyze_tables

from .grouping import PreviousNameImport, SeriesImport, TagImport
from .kinds import KINDS
from .permalinks import Claims, SamplePosts
from .posts import Renderer
from .redirects import RedirectImport
from .report import Report
from .sources.archive_folder import read_folder

# Each needs what those before it have loaded.
IMPORTS = [SeriesImport, TagImport, PreviousNameImport, *KINDS, RedirectImport]

REQUIRED = {cls.table: cls.required for cls in IMPORTS} | {
    cls.tags_table(): (cls.reference(), "tag_id") for cls in KINDS
}


def read_archive(path):
    """The tables of an archive folder. Raises UnusableFolder, before anything is written."""
    return read_folder(path, REQUIRED)


class ArchiveImport:
    """One import. Its parts learn from it what the others have loaded."""

    def __init__(self, tables, advance=lambda: None):
        """`advance` is called for each of the `total` rows."""
        self.tables = tables
        self.advance = advance
        self.total = sum(tables[cls.table].lines for cls in IMPORTS if cls.table in tables)
        self.report = Report()
        self.claims = Claims()
        self.found = {"tag": {}, "series": {}}
        self.archive_ids = {"tag": {}, "series": {}}

    def run(self):
        """Load everything. Returns the report."""
        with large_sqlite_cache():
            self.load()
            analyze_tables()
        return self.report

    def load(self):
        self.renderer = Renderer(SiteSettings.load())
        self.samples = SamplePosts(self.renderer)
        self.leave_out()
        known = [cls for cls in IMPORTS if cls.table in self.tables]
        posts = {cls: cls(self) for cls in KINDS if cls in known}
        for order, importer in enumerate(posts.values()):
            importer.look_ahead(order)
        for cls in known:
            importer = posts.get(cls) or cls(self)
            importer.load()

    def leave_out(self):
        """Say which tables there is no use for, and why."""
        for name in self.tables.keys() - REQUIRED.keys():
            self.report.leave_out(name, self.tables[name].lines, "this weblog has nothing of the kind")
        for cls in KINDS:
            missing = {cls.table, TagImport.table} - self.tables.keys()
            if cls.tags_table() in self.tables and missing:
                table = self.tables.pop(cls.tags_table())
                self.report.leave_out(table.name, table.lines, f"there is no {min(missing)} in the archive")

    def bind(self, name, row, key):
        """Remember what the archive's tag or series with that id is here; None: nothing any more."""
        self.found[name][row] = key
        self.archive_ids[name].setdefault(key, str(row))

    def knows(self, name, row):
        return row in self.found[name]

    def find(self, name, row):
        """The primary key of what the archive's tag or series is here, or None."""
        return self.found[name].get(row)

    def archive_id(self, name, key):
        """The archive's id of a tag or series that is here; its key here if the archive has none."""
        return self.archive_ids[name].get(key, f"{key} here")
