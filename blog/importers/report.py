"""The report of an import: what happened to the rows of each table, and why."""

from collections import Counter, defaultdict
from collections.abc import Iterable

OUTCOMES = ("created", "changed", "unchanged", "skipped")


class Report:
    """Counts and reasons by table. Printed at the end of an import.

    A reason or note continues a sentence that begins with the row's name.
    """

    def __init__(self) -> None:
        self.tables: dict[str, Counter[str]] = {}
        self.reasons: defaultdict[tuple[str, str], list[str | None]] = defaultdict(list)
        self.notes: list[str] = []
        self.unread_columns: Counter[tuple[str, str]] = Counter()
        self.left_out: list[str] = []

    def begin(self, table: str) -> None:
        """List the table, even if it turns out to have no rows."""
        self.tables.setdefault(table, Counter())

    def count(self, table: str, outcome: str, number: int = 1) -> None:
        if number:
            self.tables[table][outcome] += number

    def skip(self, table: str, name: str, reason: str) -> None:
        self.count(table, "skipped")
        self.reasons[table, reason].append(name)

    def skip_many(self, table: str, number: int, reason: str) -> None:
        """Count skipped rows without naming them, such as those that depend on another row."""
        if number:
            self.count(table, "skipped", number)
            self.reasons[table, reason] += [None] * number

    def note(self, table: str, name: str, note: str) -> None:
        """Record what the author should know of a row that was loaded."""
        self.notes.append(f"{table} {name} {note}")

    def leave_out(self, table: str, rows: int, reason: str) -> None:
        self.left_out.append(f"{table}, {rows:,} {plural(rows, 'row')}: {reason}")

    @property
    def skipped(self) -> int:
        return sum(counts["skipped"] for counts in self.tables.values())

    def __str__(self) -> str:
        sections = [
            self.figures(),
            *section("Skipped:", self.skipped_rows()),
            *section("Loaded with changes:", self.notes),
            *section("Tables left out:", sorted(self.left_out)),
            *section("Columns not imported:", self.lost_columns()),
            self.conclusion(),
        ]
        return "\n\n".join(sections)

    def figures(self) -> str:
        width = max(map(len, self.tables), default=0)
        lines = [" " * width + "".join(f"{outcome:>11}" for outcome in OUTCOMES)]
        lines += [
            f"{table:{width}}" + "".join(f"{counts[outcome]:>11,}" for outcome in OUTCOMES)
            for table, counts in self.tables.items()
        ]
        return "\n".join(lines)

    def skipped_rows(self) -> list[str]:
        return [self.sentence(table, names, reason) for (table, reason), names in self.reasons.items()]

    def sentence(self, table: str, names: list[str | None], reason: str) -> str:
        named = [name for name in names if name is not None]
        if named:
            return f"{table} {', '.join(named)}: {reason}"
        return f"{table}, {len(names):,} {plural(len(names), 'row')}: {reason}"

    def lost_columns(self) -> list[str]:
        return [
            f"{table}.{column} in {rows:,} {plural(rows, 'row')}"
            for (table, column), rows in self.unread_columns.items()
        ]

    def conclusion(self) -> str:
        if not self.skipped:
            return "Done. No row was skipped."
        if self.skipped == 1:
            return "Done. 1 row was skipped, for the reason above; all others were imported."
        return f"Done. {self.skipped:,} rows were skipped, for the reasons above; all others were imported."


def plural(number: int, noun: str) -> str:
    return noun if number == 1 else f"{noun}s"


def section(title: str, lines: Iterable[str]) -> list[str]:
    """Return a titled list as one text, or nothing if it has no lines."""
    lines = list(lines)
    return ["\n  ".join([title, *lines])] if lines else []
