"""Reader of archive folders: two files per table, checked before anything is written, then read line by line.

`<table>.metadata.json` names the columns; `<table>.ndjson` has one JSON array per row.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from blog.importers.row import MAX_ID, Row, is_id

METADATA, ROWS = ".metadata.json", ".ndjson"


class UnusableFolder(Exception):
    """The reason why a folder cannot be imported, in one sentence."""


@dataclass
class Table:
    name: str
    columns: list[str]
    path: Path
    lines: int

    def rows(self, reject: Callable[[str, str], object]) -> Iterator[Row]:
        """Yield the valid rows, and call `reject(name, reason)` for each of the others.

        Ids, where rows have them, are unique.
        """
        seen: set[int] = set()
        for number, line in self.numbered_lines():
            values, reason = self.parse(line)
            if values is None:
                reject(f"line {number}", reason)
                continue
            row = Row(number, values)
            reason = self.check_id(row, seen)
            if reason:
                reject(row.name, reason)
            else:
                yield row

    def numbered_lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield the lines that are not blank, without a byte order mark, counted from 1."""
        with open(self.path, "rb") as file:
            for number, line in enumerate(file, start=1):
                line = line.removeprefix(b"\xef\xbb\xbf").strip()
                if line:
                    yield number, line

    def parse(self, line: bytes) -> tuple[dict[str, Any] | None, str]:
        """Return the values by column, or None and the reason why there are none."""
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            return None, "is not JSON"
        if not isinstance(values, list):
            return None, "is not a JSON array"
        if len(values) != len(self.columns):
            return None, f"has {len(values)} values for {len(self.columns)} columns"
        return dict(zip(self.columns, values, strict=True)), ""

    def check_id(self, row: Row, seen: set[int]) -> str:
        """Return the reason to reject the row for its id, or an empty string. Adds the id to `seen`."""
        if "id" not in self.columns:
            return ""
        if not is_id(row.values["id"]):
            return f"has no id between 1 and {MAX_ID}"
        identity = int(row.values["id"])
        if identity in seen:
            return "has the id of an earlier row"
        seen.add(identity)
        return ""


def read_folder(path: str | PathLike[str], required: Mapping[str, Collection[str]]) -> dict[str, Table]:
    """Return the folder's tables by name. Raises UnusableFolder if a file is missing or not readable.

    `required` maps each table that can be imported to the columns that it must have.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise UnusableFolder(f"{folder} is not a folder.")
    try:
        names = {name for file in folder.iterdir() if (name := table_name(file))}
        tables = {name: read_table(folder, name) for name in sorted(names)}
    except OSError as error:
        raise UnusableFolder(f"{error.filename} cannot be read: {error.strerror}.") from error
    if not tables.keys() & required.keys():
        example = f"blog_entry{METADATA} and blog_entry{ROWS}"
        raise UnusableFolder(f"{folder} is not an archive folder: it has no files such as {example}.")
    for name in tables.keys() & required.keys():
        check_columns(tables[name], required[name])
    return tables


def table_name(file: Path) -> str | None:
    """Return the name of the table that the file belongs to; None for hidden files and others."""
    ending = next((ending for ending in (METADATA, ROWS) if file.name.endswith(ending)), None)
    return file.name.removesuffix(ending) if ending and not file.name.startswith(".") else None


def read_table(folder: Path, name: str) -> Table:
    metadata, rows = folder / f"{name}{METADATA}", folder / f"{name}{ROWS}"
    for file, other in ((metadata, rows), (rows, metadata)):
        if not file.exists():
            raise UnusableFolder(f"{file} is missing: {other.name} cannot be read without it.")
    table = Table(name, read_columns(metadata), rows, lines=0)
    arrays = 0
    for _, line in table.numbered_lines():
        table.lines += 1
        arrays += line.startswith(b"[")
    if table.lines and not arrays:
        raise UnusableFolder(f"{rows} has no rows: none of its lines is a JSON array.")
    return table


def read_columns(path: Path) -> list[str]:
    try:
        metadata = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise UnusableFolder(f"{path} is not JSON.") from error
    columns = metadata.get("columns") if isinstance(metadata, dict) else None
    if not isinstance(columns, list) or not all(isinstance(column, str) for column in columns):
        raise UnusableFolder(f"{path} does not list the columns of its table.")
    if not columns or len(set(columns)) != len(columns):
        raise UnusableFolder(f"{path} lists no columns, or lists one twice.")
    return columns


def check_columns(table: Table, required: Collection[str]) -> None:
    missing = [column for column in required if column not in table.columns]
    if missing:
        raise UnusableFolder(
            f"{table.path.parent / table.name}{METADATA} has no column “{missing[0]}”, which every row needs."
        )
