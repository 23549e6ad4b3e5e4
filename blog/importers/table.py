"""Loads one table in batches, and recognises the rows that earlier imports have loaded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import DataError, IntegrityError, transaction
from django.db.models import CharField

from blog.models import ImportedRow, SiteState

from .row import InvalidRow, Row

if TYPE_CHECKING:
    from .archive_import import ArchiveImport

BATCH = 500

# Raised by a database or its driver for values that passed validation.
REFUSALS = (DataError, IntegrityError, ValueError, OverflowError)


Fields = dict[str, Any]


@dataclass
class ParsedRow:
    """The fields that a row asks for, and notes about them."""

    row: int
    name: str
    fields: Fields
    notes: list[str] = field(default_factory=list)
    #: Set if the row could not have its address or number.
    address_note: str = ""
    number_note: str = ""
    #: The number of tags that an import added to a post.
    new_tags: int = 0

    @cached_property
    def digest(self) -> str:
        return digest(self.fields)


#: A row, the object that it became, and the outcome (see `report.OUTCOMES`).
Loaded = tuple[ParsedRow, Any, str]


def digest(values: Fields) -> str:
    """Return the SHA-256 of values by name. Empty ones are ignored, so that new fields change no digest."""
    present = {name: value for name, value in values.items() if value}
    return hashlib.sha256(json.dumps(present, sort_keys=True, default=str).encode()).hexdigest()


def batched(iterable: Iterable[ParsedRow], size: int) -> Iterator[list[ParsedRow]]:
    iterator = iter(iterable)
    while batch := list(islice(iterator, size)):
        yield batch


class TableImport:
    """Loads one table. Subclasses define what a row means and how it is written.

    Cases, for each valid row:

    * it was never loaded: its object is created;
    * its object was deleted on this site: it stays deleted;
    * it is the same as when it was loaded: nothing happens, whatever the author did since;
    * it changed, and its object was edited on this site: the edit stays;
    * it changed: its object changes too.
    """

    table = ""
    model: type[Any]
    required: tuple[str, ...] = ()

    def __init__(self, run: ArchiveImport) -> None:
        self.run = run
        self.report = run.report

    # For subclasses

    def read(self, row: Row) -> Fields:
        """Return the fields of the row's object. Raises InvalidRow."""
        raise NotImplementedError

    def create(self, batch: Sequence[ParsedRow]) -> list[Loaded]:
        """Create the objects of these rows, in few queries, all or none. Raises InvalidRow.

        A row may also be given an object that already exists.
        """
        raise NotImplementedError

    def change(self, instance: Any, parsed: ParsedRow) -> None:
        """Change the row's object to what the row says now. Raises InvalidRow."""
        raise NotImplementedError

    def after_row(self, parsed: ParsedRow, key: int | None, outcome: str) -> None:
        """Called once the outcome of a row is known. The key is None if it has no object."""

    # Reading

    def load(self) -> None:
        """Load the table, one transaction per batch."""
        self.report.begin(self.table)
        for batch in batched(self.rows(), BATCH):
            with transaction.atomic():
                SiteState.lock()
                self.load_batch(batch)

    def rows(self) -> Iterator[ParsedRow]:
        """Yield the valid rows, and report the others."""
        for row in self.run.tables[self.table].rows(self.reject):
            self.run.advance()
            try:
                parsed = self.parse(row)
            except InvalidRow as error:
                self.skip(row.name, str(error))
                continue
            for column in row.unread_columns():
                self.report.unread_columns[self.table, column] += 1
            yield parsed

    def reject(self, name: str, reason: str) -> None:
        self.run.advance()
        self.skip(name, reason)

    def survey(self) -> Iterator[ParsedRow]:
        """Yield the valid rows without reporting the others, to look ahead."""
        for row in self.run.tables[self.table].rows(lambda name, reason: None):
            try:
                yield self.parse(row)
            except InvalidRow:
                continue

    def parse(self, row: Row) -> ParsedRow:
        identity = int(row.values.pop("id"))
        fields = self.read(row)
        self.check_lengths(fields)
        return ParsedRow(identity, str(identity), fields, row.notes)

    def check_lengths(self, fields: Fields) -> None:
        for column in self.model._meta.concrete_fields:
            value, limit = fields.get(column.name), column.max_length
            if isinstance(column, CharField) and isinstance(value, str) and limit and len(value) > limit:
                raise InvalidRow(f"has {len(value)} characters in {column.name}; the limit is {limit}")

    # Writing

    def load_batch(self, batch: Sequence[ParsedRow]) -> None:
        rows = [parsed.row for parsed in batch]
        records = {
            record.row: record for record in ImportedRow.objects.filter(table=self.table, row__in=rows)
        }
        existing = self.existing_keys(records.values())
        new, different = [], []
        for parsed in batch:
            record = records.get(parsed.row)
            if record is None:
                new.append(parsed)
            elif self.key(record) not in existing:
                self.skip(parsed.name, "was deleted on this site after it was imported", parsed)
            elif record.source_digest == parsed.digest:
                self.report.count(self.table, "unchanged")
                self.after_row(parsed, self.key(record), "unchanged")
            else:
                different.append((record, parsed))
        self.change_all(different)  # first, since it may free slugs that new rows ask for
        self.create_all(new)

    def existing_keys(self, records: Collection[ImportedRow]) -> set[int]:
        """Return the primary keys of the records' objects that still exist."""
        keys = [key for record in records if (key := self.key(record))]
        return set(self.model.objects.filter(pk__in=keys).values_list("pk", flat=True))

    def key(self, record: ImportedRow) -> int | None:
        """Return the primary key of the row's object; None for a deleted post."""
        return record.object_id

    def create_all(self, batch: Sequence[ParsedRow]) -> None:
        """Create the rows' objects together, or one by one if the database refuses one of them."""
        if not batch:
            return
        try:
            with transaction.atomic():
                loaded = self.create(batch)
                self.record(loaded)
        except (InvalidRow, *REFUSALS) as error:
            if len(batch) == 1:
                self.skip(batch[0].name, reason_of(error), batch[0])
                return
            for parsed in batch:
                self.create_all([parsed])
        else:
            for parsed, instance, outcome in loaded:
                self.report_row(parsed, instance.pk, outcome)

    def record(self, loaded: Sequence[Loaded]) -> None:
        """Store the digests by which the next import recognizes changes."""
        digests = self.result_digests([instance for _, instance, _ in loaded])
        ImportedRow.objects.bulk_create(
            ImportedRow(
                table=self.table,
                row=parsed.row,
                source_digest=parsed.digest,
                result_digest=digests[instance.pk],
                **self.link(instance.pk),
            )
            for parsed, instance, _ in loaded
        )

    def link(self, key: int) -> Fields:
        """Return the fields of `ImportedRow` that refer to the row's object."""
        return {"object_id": key}

    def change_all(self, different: Sequence[tuple[ImportedRow, ParsedRow]]) -> None:
        instances = self.model.objects.in_bulk([self.key(record) for record, _ in different])
        digests = self.result_digests(instances.values())
        for record, parsed in different:
            instance = instances[self.key(record)]
            if digests[instance.pk] != record.result_digest:
                reason = "was edited on this site after it was imported"
                self.skip(parsed.name, reason, parsed, instance.pk)
                continue
            try:
                with transaction.atomic():
                    self.change(instance, parsed)
                    record.source_digest = parsed.digest
                    record.result_digest = self.result_digests([instance])[instance.pk]
                    record.save()
            except (InvalidRow, *REFUSALS) as error:
                self.skip(parsed.name, reason_of(error), parsed, instance.pk)
            else:
                self.report_row(parsed, instance.pk, "changed")

    def result_digests(self, instances: Iterable[Any]) -> dict[int, str]:
        """Return, by primary key, the digest of all that the author can edit in each object."""
        return {instance.pk: digest(self.editable_values(instance)) for instance in instances}

    def editable_values(self, instance: Any) -> Fields:
        """Return the fields that the author can edit, as text; and references by `archive_id()`."""
        return {
            field.name: self.run.archive_id(field.name, field.value_from_object(instance))
            if field.is_relation
            else field.value_to_string(instance)
            for field in instance._meta.concrete_fields
            if field.editable and not field.primary_key and field.value_from_object(instance)
        }

    def report_row(self, parsed: ParsedRow, key: int, outcome: str) -> None:
        self.report.count(self.table, outcome)
        for note in filter(None, [*parsed.notes, parsed.address_note, parsed.number_note]):
            self.report.note(self.table, parsed.name, note)
        self.after_row(parsed, key, outcome)

    def skip(self, name: str, reason: str, parsed: ParsedRow | None = None, key: int | None = None) -> None:
        self.report.skip(self.table, name, reason)
        if parsed:
            self.after_row(parsed, key, "skipped")


def reason_of(error: Exception) -> str:
    if isinstance(error, InvalidRow):
        return str(error)
    first_line = str(error).partition("\n")[0]
    return f"was refused by the database: {first_line}"
