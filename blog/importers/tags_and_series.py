"""Load tags, their previous names, and series."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Q
from django.utils.text import slugify

from blog.models import PreviousTagName, SearchDocument, Series, Tag

from .row import InvalidRow, Row, slug_or_nothing
from .table import Fields, Loaded, ParsedRow, TableImport

if TYPE_CHECKING:
    from .archive_import import ArchiveImport


class GroupImport(TableImport):
    """Loads tags or series, which group posts. One that exists already, by slug or name, is used."""

    #: The name by which other rows refer to it.
    reference = ""
    #: The fields that identify it, and the field with its text.
    unique: tuple[str, ...] = ()
    text = ""

    def __init__(self, run: ArchiveImport) -> None:
        super().__init__(run)
        self.claimed = {parsed.fields["slug"] for parsed in self.survey()}

    def after_row(self, parsed: ParsedRow, key: int | None, outcome: str) -> None:
        self.run.bind(self.reference, parsed.row, key)

    def create(self, batch: Sequence[ParsedRow]) -> list[Loaded]:
        existing = self.existing_groups(batch)
        loaded: list[Loaded] = []
        for parsed in batch:
            names = [parsed.fields[field] for field in self.unique]
            group = next((existing[name] for name in names if name in existing), None)
            if group:
                outcome = self.adopt(group, parsed)
            else:
                group, outcome = self.build(parsed, existing), "created"
                existing |= {getattr(group, field): group for field in self.unique}
            loaded.append((parsed, group, outcome))
        self.model.objects.bulk_create(group for _, group, outcome in loaded if outcome == "created")
        return loaded

    def existing_groups(self, batch: Sequence[ParsedRow]) -> dict[str, Any]:
        """Return existing groups by each of the fields that identify them."""
        same = Q()
        for field in self.unique:
            same |= Q(**{f"{field}__in": {name for parsed in batch if (name := parsed.fields[field])}})
        groups = list(self.model.objects.filter(same))
        return {getattr(group, field): group for field in reversed(self.unique) for group in groups}

    def build(self, parsed: ParsedRow, existing: Collection[str]) -> Any:
        group = self.model(**parsed.fields)
        if not group.slug:
            group.slug = self.unused_slug(parsed, existing)
            parsed.address_note = f"has no name that works as a URL; it is at {group.get_absolute_url()}"
        group.render(self.run.renderer.options)
        return group

    def unused_slug(self, parsed: ParsedRow, existing: Collection[str] = ()) -> str:
        """Return a slug that no group has, here or in the archive."""
        base = self.base_slug(parsed)
        taken = set(self.model.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        candidates = (base if n == 1 else f"{base}-{n}" for n in count(1))
        return next(slug for slug in candidates if slug not in taken | self.claimed and slug not in existing)

    def base_slug(self, parsed: ParsedRow) -> str:
        raise NotImplementedError

    def adopt(self, group: Any, parsed: ParsedRow) -> str:
        """Use an existing group. It does not change, except that it gets a text if it has none."""
        text = parsed.fields[self.text]
        if not text or getattr(group, self.text):
            return "unchanged"
        setattr(group, self.text, text)
        if group._state.adding:  # an earlier row of the batch has the same name
            group.render(self.run.renderer.options)
            return "unchanged"
        group.save()
        return "changed"


class TagImport(GroupImport):
    table = "blog_tag"
    model = Tag
    required = ("id", "tag")
    reference, unique, text = "tag", ("slug", "name"), "description"

    def read(self, row: Row) -> Fields:
        name = row.line("tag")
        if not name:
            raise InvalidRow("has no name")
        return {"name": name, "slug": slug_or_nothing(name, Tag), "description": row.text("description")}

    def base_slug(self, parsed: ParsedRow) -> str:
        return str(Tag().slugify(parsed.fields["name"]))

    def adopt(self, tag: Tag, parsed: ParsedRow) -> str:
        """Use an existing tag, which keeps its slug; the archive's becomes a previous name."""
        slug = parsed.fields["slug"]
        if slug and slug.lower() != tag.slug.lower():
            PreviousTagName.objects.get_or_create(name=slug, defaults={"tag": tag})
        return super().adopt(tag, parsed)

    def change(self, tag: Tag, parsed: ParsedRow) -> None:
        """Change the tag. If its slug changes, the former one becomes a previous name."""
        former = tag.slug
        name, slug = parsed.fields["name"], parsed.fields["slug"]
        if name != tag.name:
            if Tag.objects.filter(Q(name=name) | Q(slug=slug or name)).exclude(pk=tag.pk).exists():
                raise InvalidRow(f"is now called “{name}”, the name of another tag on this site")
            tag.name, tag.slug = name, slug or self.unused_slug(parsed)
        tag.description = parsed.fields["description"]
        tag.save()
        if tag.slug != former:
            PreviousTagName.objects.get_or_create(name=former, defaults={"tag": tag})
            SearchDocument.sync_tags(tag.taggings.values_list("content_object", flat=True))


class SeriesImport(GroupImport):
    table = "blog_series"
    model = Series
    required = ("id", "title")
    reference, unique, text = "series", ("slug",), "summary"

    def read(self, row: Row) -> Fields:
        title, slug = row.line("title"), slug_or_nothing(row.line("slug"), Series)
        if not (title or slug):
            raise InvalidRow("has no title")
        fields: Fields = {"title": title or slug, "slug": slug, "summary": row.text("summary")}
        created = row.moment("created")
        return fields | ({"created": created} if created else {})

    def base_slug(self, parsed: ParsedRow) -> str:
        return slugify(parsed.fields["title"], allow_unicode=True)[:50].strip("-_") or "series"

    def change(self, series: Series, parsed: ParsedRow) -> None:
        for field, value in parsed.fields.items():
            if field != "slug" or value:
                setattr(series, field, value)
        series.save()


class PreviousNameImport(TableImport):
    table = "blog_previoustagname"
    model = PreviousTagName
    required = ("id", "previous_name", "tag_id")

    def __init__(self, run: ArchiveImport) -> None:
        super().__init__(run)
        self.tag_slugs = set(Tag.objects.values_list("slug", flat=True))

    def read(self, row: Row) -> Fields:
        name, tag = row.line("previous_name"), row.reference("tag_id")
        if not name:
            raise InvalidRow("has no name")
        if not self.run.find("tag", tag):
            raise InvalidRow(f"refers to blog_tag {tag}, which was not imported")
        if name in self.tag_slugs:
            raise InvalidRow("is the name of a current tag")
        return {"name": name, "tag": tag}

    def create(self, batch: Sequence[ParsedRow]) -> list[Loaded]:
        names = [parsed.fields["name"] for parsed in batch]
        existing = {previous.name: previous for previous in PreviousTagName.objects.filter(name__in=names)}
        loaded: list[Loaded] = []
        for parsed in batch:
            name = parsed.fields["name"]
            outcome = "unchanged" if name in existing else "created"
            previous = existing.setdefault(name, PreviousTagName(name=name, tag_id=self.tag_key(parsed)))
            loaded.append((parsed, previous, outcome))
        PreviousTagName.objects.bulk_create(
            previous for _, previous, outcome in loaded if outcome == "created"
        )
        return loaded

    def change(self, previous: PreviousTagName, parsed: ParsedRow) -> None:
        previous.name = parsed.fields["name"]
        previous.tag_id = self.tag_key(parsed)
        previous.save()

    def tag_key(self, parsed: ParsedRow) -> int:
        return cast(int, self.run.find("tag", parsed.fields["tag"]))  # `read()` checks that there is one
