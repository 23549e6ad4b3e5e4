"""What an import did, table by table, and what it could not do and why."""

from collections import Counter, defaultdict

VERBS = ("created", "changed", "unchanged", "skipped")


class Report:
    def __init__(self):
        self.tables = {}
        self.reasons = defaultdict(list)
        self.notes = []
        self.not_carried = Counter()
        self.left_out = []

    def begin(self, table):
        """List the table, even if it should turn out to have no rows."""
        self.tables.setdefault(table, Counter())

    def count(self, table, verb, number=1):
        if number:
            self.tables[table][verb] += number

    def skip(self, table, name, reason):
        """`reason` continues a sentence that begins with the row."""
        self.count(table, "skipped")
        self.reasons[table, reason].append(name)

    def skip_many(self, table, number, reason):
        """As `skip()`, for rows that follow another row and need not be named one by one."""
        if number:
            self.count(table, "skipped", number)
            self.reasons[table, reason] += [None] * number

    def note(self, table, name, note):
        """What is worth knowing of a row that was loaded; continues a sentence, too."""
        self.notes.append(f"{table} {name} {note}")

    def leave_out(self, table, rows, reason):
        self.left_out.append(f"{table}, {rows:,} {plural(rows, 'row')}: {reason}")

    @property
    def skipped(self):
        return sum(counts["skipped"] for counts in self.tables.values())

    def __str__(self):
        sections = [
            self.figures(),
            *section("Skipped:", self.skipped_rows()),
            *section("Loaded, but:", self.notes),
            *section("Left out:", sorted(self.left_out)),
            *section("Not carried over:", self.lost_columns()),
            self.conclusion(),
        ]
        return "\n\n".join(sections)

    def figures(self):
        width = max(map(len, self.tables), default=0)
        lines = [" " * width + "".join(f"{verb:>11}" for verb in VERBS)]
        lines += [
            f"{table:{width}}" + "".join(f"{counts[verb]:>11,}" for verb in VERBS)
            for table, counts in self.tables.items()
        ]
        return "\n".join(lines)

    def skipped_rows(self):
        return [self.sentence(table, names, reason) for (table, reason), names in self.reasons.items()]

    def sentence(self, table, names, reason):
        named = [name for name in names if name is not None]
        if named:
            return f"{table} {', '.join(named)}: {reason}"
        return f"{table}, {len(names):,} {plural(len(names), 'row')}: {reason}"

    def lost_columns(self):
        return [
            f"{table}.{column} in {rows:,} {plural(rows, 'row')}"
            for (table, column), rows in self.not_carried.items()
        ]

    def conclusion(self):
        if not self.skipped:
            return "Done. No row was skipped."
        if self.skipped == 1:
            return "Done. 1 row was skipped, for the reason above; all others are in."
        return f"Done. {self.skipped:,} rows were skipped, for the reasons above; all others are in."


def plural(number, noun):
    return noun if number == 1 else f"{noun}s"


def section(title, lines):
    """A list with its title, or nothing."""
    return ["\n  ".join([title, *lines])] if lines else []
