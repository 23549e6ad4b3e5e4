"""What loading any table has in common: batches, and what happens to a row that was loaded before."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from django.db import DataError, IntegrityError, transaction
from django.db.models import CharField

from blog.models import ImportedRow, SiteState

from .row import Unloadable

BATCH = 500

# What a database or its driver says of values that it does not take, though they passed for good.
REFUSALS = (DataError, IntegrityError, ValueError, OverflowError)


@dataclass
class Wanted:
    """What a row says that there should be."""

    row: int
    name: str
    fields: dict
    notes: list = field(default_factory=list)
    #: Set when it could not have the address that it wants, or the number.
    address_note: str = ""
    number_note: str = ""
    #: How many of a post's tags are new to it.
    new_tags: int = 0

    @cached_property
    def digest(self):
        return digest(self.fields)


def digest(values):
    """SHA-256 of values by name. What is empty does not count: a field added later changes nothing."""
    said = {name: value for name, value in values.items() if value}
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def batched(iterable, size):
    iterator = iter(iterable)
    while batch := list(islice(iterator, size)):
        yield batch


class TableImport:
    """Loads one table. A subclass says what a row means and how that is written.

    Cases, for each row that can be read:

    * it was never loaded: it is created;
    * what it became was deleted here since: it stays deleted;
    * it is as it was when it was loaded: nothing is done, whatever the author has done here since;
    * it changed, and what it became was edited here since: the author's edit stays;
    * it changed: what it became changes with it.
    """

    table = ""
    model = None
    required = ()

    def __init__(self, run):
        self.run = run
        self.report = run.report

    # What a subclass says

    def read(self, row):
        """The fields that the row says. Raises Unloadable."""
        raise NotImplementedError

    def create(self, batch):
        """Write what these rows want, in as few queries as may be; all of them or none.

        Returns each with its object and a verb: an object that is here already may do. Raises Unloadable.
        """
        raise NotImplementedError

    def change(self, thing, wanted):
        """Make of the object what the row wants now. Raises Unloadable."""
        raise NotImplementedError

    def loaded(self, wanted, key, verb):
        """Called for every row once it is clear what became of it; the key is None if nothing is here."""

    # Reading

    def load(self):
        """Load the whole table, one transaction for each batch."""
        self.report.begin(self.table)
        for batch in batched(self.rows(), BATCH):
            with transaction.atomic():
                SiteState.lock()
                self.load_batch(batch)

    def rows(self):
        """What each row wants. Those that cannot be loaded are reported."""
        for row in self.run.tables[self.table].rows(self.refuse):
            self.run.advance()
            try:
                wanted = self.wanted(row)
            except Unloadable as error:
                self.skip(row.name, str(error))
                continue
            for column in row.left():
                self.report.not_carried[self.table, column] += 1
            yield wanted

    def refuse(self, name, reason):
        self.run.advance()
        self.skip(name, reason)

    def survey(self):
        """As `rows()`, for looking ahead: reports nothing."""
        for row in self.run.tables[self.table].rows(lambda name, reason: None):
            try:
                yield self.wanted(row)
            except Unloadable:
                continue

    def wanted(self, row):
        identity = row.reference("id")
        fields = self.read(row)
        self.check_lengths(fields)
        return Wanted(identity, str(identity), fields, row.notes)

    def check_lengths(self, fields):
        for column in self.model._meta.concrete_fields:
            value = fields.get(column.name)
            if isinstance(column, CharField) and isinstance(value, str) and len(value) > column.max_length:
                raise Unloadable(
                    f"has {len(value)} characters of {column.name}, and there is room for {column.max_length}"
                )

    # Writing

    def load_batch(self, batch):
        records = {
            record.row: record
            for record in ImportedRow.objects.filter(
                table=self.table, row__in=[wanted.row for wanted in batch]
            )
        }
        there = self.there(records.values())
        new, different = [], []
        for wanted in batch:
            record = records.get(wanted.row)
            if record is None:
                new.append(wanted)
            elif self.key(record) not in there:
                self.skip(wanted.name, "was deleted here since it was imported", wanted)
            elif record.source_digest == wanted.digest:
                self.report.count(self.table, "unchanged")
                self.loaded(wanted, self.key(record), "unchanged")
            else:
                different.append((record, wanted))
        self.change_all(different)  # first, for what changes may make room for what is new
        self.create_all(new)

    def there(self, records):
        """Of what the rows became, what there still is."""
        keys = [key for record in records if (key := self.key(record))]
        return set(self.model.objects.filter(pk__in=keys).values_list("pk", flat=True))

    def key(self, record):
        """The primary key of what the row became; None for a post that was deleted."""
        return record.object_id

    def create_all(self, batch):
        """All at once; if the database does not take one of them, one by one."""
        if not batch:
            return
        try:
            with transaction.atomic():
                made = self.create(batch)
                self.remember(made)
        except (Unloadable, *REFUSALS) as error:
            if len(batch) == 1:
                self.skip(batch[0].name, reason_of(error), batch[0])
                return
            for wanted in batch:
                self.create_all([wanted])
        else:
            for wanted, thing, verb in made:
                self.done(wanted, thing.pk, verb)

    def remember(self, made):
        keys = [thing.pk for _, thing, _ in made]
        outcomes = self.outcomes([thing for _, thing, _ in made])
        ImportedRow.objects.bulk_create(
            ImportedRow(
                table=self.table,
                row=wanted.row,
                source_digest=wanted.digest,
                result_digest=outcomes[key],
                **self.link(key),
            )
            for (wanted, _, _), key in zip(made, keys, strict=True)
        )

    def link(self, key):
        return {"object_id": key}

    def change_all(self, different):
        things = self.model.objects.in_bulk([self.key(record) for record, _ in different])
        outcomes = self.outcomes(things.values())
        for record, wanted in different:
            thing = things[self.key(record)]
            if outcomes[thing.pk] != record.result_digest:
                self.skip(wanted.name, "was edited here since it was imported", wanted, thing.pk)
                continue
            try:
                with transaction.atomic():
                    self.change(thing, wanted)
                    record.source_digest = wanted.digest
                    record.result_digest = self.outcomes([thing])[thing.pk]
                    record.save()
            except (Unloadable, *REFUSALS) as error:
                self.skip(wanted.name, reason_of(error), wanted, thing.pk)
            else:
                self.done(wanted, thing.pk, "changed")

    def outcomes(self, things):
        """For each object by key, the digest of what its author can edit."""
        return {thing.pk: digest(self.editable(thing)) for thing in things}

    def editable(self, thing):
        """What the author can edit, as text. What it refers to has the id that it has in the archive."""
        return {
            field.name: self.run.archive_id(field.name, field.value_from_object(thing))
            if field.is_relation
            else field.value_to_string(thing)
            for field in thing._meta.concrete_fields
            if field.editable and not field.primary_key and field.value_from_object(thing)
        }

    def done(self, wanted, key, verb):
        self.report.count(self.table, verb)
        for note in filter(None, [*wanted.notes, wanted.address_note, wanted.number_note]):
            self.report.note(self.table, wanted.name, note)
        self.loaded(wanted, key, verb)

    def skip(self, name, reason, wanted=None, key=None):
        self.report.skip(self.table, name, reason)
        if wanted:
            self.loaded(wanted, key, "skipped")


def reason_of(error):
    if isinstance(error, Unloadable):
        return str(error)
    first_line = str(error).partition("\n")[0]
    return f"is refused by the database: {first_line}"
