"""The folder of an archive: two files for each table, checked before anything is written, read line by line.

`<table>.metadata.json` names the columns; `<table>.ndjson` has one JSON array for each row.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from blog.importers.row import LARGEST_ID, Row, is_id

METADATA, ROWS = ".metadata.json", ".ndjson"


class UnusableFolder(Exception):
    """Why nothing of a folder can be imported, and what to do, in one sentence."""


@dataclass
class Table:
    name: str
    columns: list[str]
    path: Path
    lines: int

    def rows(self, refuse):
        """Yield each row that can be read; call `refuse(name, reason)` for each that cannot.

        Where rows have ids, each has one of its own.
        """
        seen = set()
        for number, line in self.numbered_lines():
            values, reason = self.parse(line)
            if reason:
                refuse(f"line {number}", reason)
                continue
            row = Row(number, values)
            reason = self.reason_against(row, seen)
            if reason:
                refuse(row.name, reason)
            else:
                yield row

    def numbered_lines(self):
        """The lines that say something. A byte order mark at the beginning says nothing."""
        with open(self.path, "rb") as file:
            for number, line in enumerate(file, start=1):
                line = line.removeprefix(b"\xef\xbb\xbf").strip()
                if line:
                    yield number, line

    def parse(self, line):
        """The values by column, and why there are none."""
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            return None, "is not JSON"
        if not isinstance(values, list):
            return None, "is not a JSON array"
        if len(values) != len(self.columns):
            return None, f"has {len(values)} values for {len(self.columns)} columns"
        return dict(zip(self.columns, values, strict=True)), None

    def reason_against(self, row, seen):
        if "id" not in self.columns:
            return None
        if not is_id(row.values["id"]):
            return f"has no id between 1 and {LARGEST_ID}"
        identity = int(row.values["id"])
        if identity in seen:
            return "has the id of an earlier row"
        seen.add(identity)
        return None


def read_folder(path, required):
    """The tables of the folder by name. Raises UnusableFolder if they are not all there and readable.

    `required` says for each table that can be imported without which columns it cannot.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise UnusableFolder(f"{folder} is not a folder.")
    try:
        names = {name for file in folder.iterdir() if (name := name_of_table(file))}
        tables = {name: read_table(folder, name) for name in sorted(names)}
    except OSError as error:
        raise UnusableFolder(f"{error.filename} cannot be read: {error.strerror}.") from error
    if not tables.keys() & required.keys():
        wanted = f"blog_entry{METADATA} and blog_entry{ROWS}"
        raise UnusableFolder(f"{folder} is not the folder of an archive: it has no files such as {wanted}.")
    for name in tables.keys() & required.keys():
        check_columns(tables[name], required[name])
    return tables


def name_of_table(file):
    """The table that the file is of; None for other files and for hidden ones."""
    ending = next((ending for ending in (METADATA, ROWS) if file.name.endswith(ending)), None)
    return file.name.removesuffix(ending) if ending and not file.name.startswith(".") else None


def read_table(folder, name):
    metadata, rows = folder / f"{name}{METADATA}", folder / f"{name}{ROWS}"
    for file, other in ((metadata, rows), (rows, metadata)):
        if not file.exists():
            raise UnusableFolder(f"{file} is missing: {other.name} says nothing without it.")
    table = Table(name, read_columns(metadata), rows, lines=0)
    arrays = 0
    for _, line in table.numbered_lines():
        table.lines += 1
        arrays += line.startswith(b"[")
    if table.lines and not arrays:
        raise UnusableFolder(f"{rows} is not the rows of a table: none of its lines is a JSON array.")
    return table


def read_columns(path):
    try:
        metadata = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise UnusableFolder(f"{path} is not JSON.") from error
    columns = metadata.get("columns") if isinstance(metadata, dict) else None
    if not isinstance(columns, list) or not all(isinstance(column, str) for column in columns):
        raise UnusableFolder(f"{path} does not name the columns of its table.")
    if not columns or len(set(columns)) != len(columns):
        raise UnusableFolder(f"{path} names no columns, or one of them twice.")
    return columns


def check_columns(table, required):
    missing = [column for column in required if column not in table.columns]
    if missing:
        raise UnusableFolder(
            f"{table.path.parent / table.name}{METADATA} has no column “{missing[0]}”, "
            "without which none of its rows can be loaded."
        )
