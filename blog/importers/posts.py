"""Load posts of every kind, with their tags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.db import DatabaseError, models
from django.db.models import Max
from django.utils import translation

from blog.models import ImportedRow, Post, SiteSettings, Tag, Tagging
from blog.models.bulk import bulk_create_posts, index_posts

from .permalinks import PermalinkRegister, post_name
from .row import InvalidRow, Row, slug_or_nothing
from .table import Fields, Loaded, ParsedRow, TableImport, digest

if TYPE_CHECKING:
    from .archive_import import ArchiveImport


class Renderer:
    """Renders posts by the site's settings, in the site's language."""

    def __init__(self, site: SiteSettings) -> None:
        self.site = site
        self.options = site.markup_options
        self.language = site.language

    def render(self, posts: Iterable[Post]) -> None:
        """Render the posts' texts. Raises InvalidRow if a library fails on one."""
        for post in posts:
            with self.rendering():
                post.render(self.options)

    @contextmanager
    def rendering(self) -> Iterator[None]:
        try:
            with translation.override(self.language):
                yield
        except DatabaseError:
            raise
        except Exception as error:  # a library may raise anything on malformed text
            raise InvalidRow(
                f"has a text that cannot be rendered ({type(error).__name__}: {error})"
            ) from error


# The namespace of posts' ids in feeds. They include the time of publication, since another archive may have
# the same row ids.
NAMESPACE = UUID("6ff0fbf4-94e5-4a0b-8a4c-1d60c1e7a0a5")


class PostImport(TableImport):
    """Loads a table of posts of one kind, and the table of their tags.

    Days are in UTC whatever the site's time zone is, as in the archive's permalinks. Numbers are the rows'
    ids, as in its short links.
    """

    required = ("id", "created")

    def __init__(self, run: ArchiveImport) -> None:
        super().__init__(run)
        self.ids: set[int] = set()
        self.tags: dict[int, list[int]] | None = None

    @classmethod
    def tags_table(cls) -> str:
        return f"{cls.table}_tags"

    @classmethod
    def foreign_key(cls) -> str:
        """The column by which other tables refer to these posts."""
        return f"{cls.model._meta.model_name}_id"

    def own_fields(self, row: Row, slug: str) -> Fields:
        """Return title, body and format, and the kind's own fields. Raises InvalidRow.

        By default each comes from the column of its name, and the body is Markdown.
        """
        fields: Fields = {"title": row.line("title"), "body": row.text("body")}
        for field in self.model._meta.local_concrete_fields:
            if field.editable and not (field.primary_key or field.is_relation):
                fields |= read_field(row, field)
        return fields | {"format": Post.Format.MARKDOWN}

    def look_ahead(self, order: int) -> None:
        """Collect the numbers and permalinks that the archive claims, before any post is given one."""
        for parsed in self.survey():
            self.ids.add(parsed.row)
            self.run.claims.add(self.table, order, parsed)

    # Reading

    def load(self) -> None:
        self.report.begin(self.table)
        if self.tags_table() in self.run.tables:
            self.tags = self.read_tags()
        super().load()

    def read_tags(self) -> dict[int, list[int]]:
        """Return {id of a post: [id of a tag]}, both in the archive."""
        name = self.tags_table()
        self.report.begin(name)
        tags: defaultdict[int, dict[int, None]] = defaultdict(dict)
        for row in self.run.tables[name].rows(lambda where, reason: self.report.skip(name, where, reason)):
            try:
                post, tag = self.read_tagging(row)
                if tag in tags[post]:
                    raise InvalidRow("repeats an earlier row")
                tags[post][tag] = None
            except InvalidRow as error:
                self.report.skip(name, row.name, str(error))
        return {post: sorted(of_post) for post, of_post in tags.items()}

    def read_tagging(self, row: Row) -> tuple[int, int]:
        post, tag = row.reference(self.foreign_key()), row.reference("tag_id")
        if post is None or post not in self.ids:
            raise InvalidRow(f"refers to {self.table} {post}, which was not imported")
        if tag is None or not self.run.is_bound("tag", tag):
            raise InvalidRow(f"refers to blog_tag {tag}, which was not imported")
        return post, tag

    def parse(self, row: Row) -> ParsedRow:
        parsed = super().parse(row)
        if self.tags is not None:  # without a table of tags, posts keep theirs
            parsed.fields["tags"] = self.tags.get(parsed.row, [])
        return parsed

    def read(self, row: Row) -> Fields:
        published = row.moment("created")
        if not published:
            raise InvalidRow("has no time in created")
        slug = slug_or_nothing(row.text("slug"), self.model)
        return {
            "published": published,
            "updated": self.read_updated(row, published),
            "slug": slug,
            "is_draft": row.flag("is_draft"),
            "card_image": row.optional_url("card_image"),
            "series": self.read_series(row),
            **self.own_fields(row, slug),
        }

    def read_updated(self, row: Row, published: datetime) -> datetime:
        try:
            return max(row.moment("updated") or published, published)
        except InvalidRow as error:
            row.notes.append(str(error))
            return published

    def read_series(self, row: Row) -> int | None:
        series = row.reference("series_id")
        if series and not self.run.is_bound("series", series):
            row.notes.append(f"belongs to blog_series {series}, which was not imported")
            return None
        return series

    # Writing

    def key(self, record: ImportedRow) -> int | None:
        return record.post_id

    def link(self, key: int) -> Fields:
        return {"post_id": key}

    def create(self, batch: Sequence[ParsedRow]) -> list[Loaded]:
        posts = [self.build(parsed) for parsed in batch]
        self.assign_numbers(posts, batch)
        register = PermalinkRegister([post.day for post in posts], self.run.claims, self.run.samples)
        for post, parsed in zip(posts, batch, strict=True):
            self.assign_permalink(post, parsed, register)
        self.run.renderer.render(posts)
        bulk_create_posts(posts)
        loaded: list[Loaded] = [(parsed, post, "created") for parsed, post in zip(batch, posts, strict=True)]
        Tagging.objects.bulk_create(
            tagging for parsed, post, _ in loaded for tagging in self.taggings(post, self.tag_keys(parsed))
        )
        index_posts(posts, self.run.renderer.site.state.search_language)
        return loaded

    def build(self, parsed: ParsedRow) -> Post:
        post: Post = self.model(kind=self.model._meta.model_name, number=parsed.row)
        moment = parsed.fields["published"].isoformat()
        post.uuid = uuid5(NAMESPACE, f"{self.table}/{parsed.row}/{moment}")
        self.fill(post, parsed)
        return post

    def fill(self, post: Post, parsed: ParsedRow) -> None:
        for name, value in parsed.fields.items():
            if name not in {"series", "tags"}:
                setattr(post, name, value)
        post.series_id = self.run.find("series", parsed.fields["series"])
        post.day = parsed.fields["published"].date()

    def assign_numbers(self, posts: Sequence[Post], batch: Sequence[ParsedRow]) -> None:
        """Give a new number to each post whose number another post has. Sample posts give way instead."""
        same_kind = Post.objects.filter(kind=self.model._meta.model_name)
        numbers = [post.number for post in posts]
        holders = dict(same_kind.filter(number__in=numbers).values_list("number", "pk"))
        if not holders:
            return
        last = max(same_kind.aggregate(last=Max("number"))["last"], *self.ids)
        for post, parsed in zip(posts, batch, strict=True):
            holder = holders.get(post.number)
            if holder is None:
                continue
            last += 1
            if holder in self.run.samples:
                self.run.samples.renumber(holder, last)
            else:
                parsed.number_note = f"has the number {last}, since {post_name(holder)} has its own"
                post.number = last

    def assign_permalink(self, post: Post, parsed: ParsedRow, register: PermalinkRegister) -> None:
        slug = post.slug
        if not slug:
            post.slug = post.unused_slug(post.day, post.slug_source())
        claimed = post.get_absolute_url()
        other = register.assign(post, f"{self.table} {parsed.row}")
        if other:
            parsed.address_note = f"is at {post.get_absolute_url()}, since {other} has {claimed}"
        elif not slug:
            parsed.address_note = f"has no slug that works in a URL; it is at {post.get_absolute_url()}"

    def tag_keys(self, parsed: ParsedRow) -> list[int]:
        """Return the primary keys of the row's tags that exist. Two of the archive may have become one."""
        keys = (self.run.find("tag", tag) for tag in parsed.fields.get("tags", []))
        return list(dict.fromkeys(key for key in keys if key))

    def taggings(self, post: Post, keys: Iterable[int]) -> list[Tagging]:
        return [
            Tagging(content_object=post, tag_id=key, published=post.published, is_public=post.is_counted)
            for key in keys
        ]

    def change(self, post: Post, parsed: ParsedRow) -> None:
        slug = post.slug
        self.fill(post, parsed)
        post.slug = post.slug or slug
        register = PermalinkRegister([post.day], self.run.claims, self.run.samples, without=post.pk)
        self.assign_permalink(post, parsed, register)
        with self.run.renderer.rendering():
            post.save_imported(self.run.renderer.site)
        self.change_tags(post, parsed)

    def change_tags(self, post: Post, parsed: ParsedRow) -> None:
        if "tags" not in parsed.fields:
            return
        had, has = set(post.taggings.values_list("tag", flat=True)), set(self.tag_keys(parsed))
        post.tags.set(Tag.objects.filter(pk__in=has))
        parsed.new_tags = len(has - had)

    def result_digests(self, posts: Iterable[Post]) -> dict[int, str]:
        """Include tags, which the author can edit too."""
        posts = list(posts)
        tags: defaultdict[int, list[str]] = defaultdict(list)
        taggings = Tagging.objects.filter(content_object__in=[post.pk for post in posts])
        for post, tag in taggings.values_list("content_object", "tag"):
            tags[post].append(self.run.archive_id("tag", tag))
        return {
            post.pk: digest(self.editable_values(post) | {"tags": sorted(tags[post.pk])}) for post in posts
        }

    def after_row(self, parsed: ParsedRow, key: int | None, outcome: str) -> None:
        """Count the rows that give the post its tags."""
        name, tags = self.tags_table(), parsed.fields.get("tags")
        if not tags:
            return
        if outcome == "skipped":
            self.report.skip_many(name, len(tags), "belong to a post that was skipped")
            return
        existing = sum(bool(self.run.find("tag", tag)) for tag in tags)
        new = {"created": existing, "changed": parsed.new_tags}.get(outcome, 0)
        self.report.count(name, "created", new)
        self.report.count(name, "unchanged", existing - new)
        self.report.skip_many(name, len(tags) - existing, "refer to a tag that does not exist on this site")


def read_field(row: Row, field: models.Field[Any, Any]) -> Fields:
    """Return {name: value} of a field from the column of its name; {} for types that no column can fill."""
    readers: dict[type[models.Field[Any, Any]], Callable[[str], object]] = {
        models.URLField: row.optional_url if field.blank else row.url,
        models.CharField: row.line,
        models.TextField: row.text,
        models.BooleanField: row.flag,
        models.DateTimeField: row.moment,
    }
    read = next((read for cls, read in readers.items() if isinstance(field, cls)), None)
    if read is None:
        return {}
    value = read(field.name)
    if not (value or field.blank or field.null or isinstance(field, models.BooleanField)):
        raise InvalidRow(f"has no {field.name}")
    return {field.name: value}
