"""Row-change rules: the changes to record when a row is inserted, updated or deleted, in SQL for triggers.

A change has a key such as `post-7` or `day-2024-06-08`, built from the row's columns before and after the
write. The SQL is the same for both databases, apart from what `Dialect` holds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Model

from blog.models import (
    Day,
    LinkedHost,
    Page,
    PendingChange,
    Post,
    PreviousTagName,
    SearchDocument,
    Series,
    SiteSettings,
    SiteState,
    Tag,
    Tagging,
    Word,
)

from . import surrogate_keys

#: SQL literals of the keys in `surrogate_keys`.
EVERYTHING = f"'{surrogate_keys.EVERYTHING}'"
FRAME = f"'{surrogate_keys.FRAME}'"
#: Columns that no public page shows.
INVISIBLE_COLUMNS = {"modified"}
#: Columns of a post that decide its lists (besides those of tags, links and series) and its position there.
LISTING_COLUMNS = ("is_counted", "is_draft", "published", "day", "kind", "author_id")
#: Columns that pages show which only link to the post.
LINK_COLUMNS = (*LISTING_COLUMNS, "headline", "language", "slug")
#: Columns of the site state that have rules of their own, or that no public page shows.
STATE_EXCEPTIONS = {"version", "next_due", "counts_by_year", "current_tags"}


@dataclass(frozen=True)
class Dialect:
    is_distinct: str  # the operator `!=` that treats NULL as a value
    now: str
    utc_month: str  # of a time, as a format string


SQLITE = Dialect("IS NOT", "strftime('%Y-%m-%d %H:%M:%f', 'now')", "substr({}, 1, 7)")
POSTGRESQL = Dialect("IS DISTINCT FROM", "clock_timestamp()", "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM')")


@dataclass
class Rule:
    """The changes to record after `event` on a row of the table, if the condition holds."""

    table: str
    event: str
    condition: str
    changes: list[tuple[str, str]] = field(default_factory=list)  # (key, condition), both in SQL
    columns: frozenset[str] = frozenset()  # fire only for an UPDATE that sets one of these; if empty, for any

    @property
    def when(self) -> str:
        return f"{self.event} OF {', '.join(sorted(self.columns))}" if self.columns else self.event

    @property
    def statements(self) -> Iterator[str]:
        """Yield an INSERT for each change, which skips keys that are NULL."""
        table = PendingChange._meta.db_table
        for key, condition in self.changes:
            yield (
                f"INSERT INTO {table} (key) SELECT change.key FROM (SELECT {key} AS key) AS change "
                f"WHERE change.key IS NOT NULL AND ({condition}) ON CONFLICT DO NOTHING"
            )


class RowChangeRules:
    """All rules, in the SQL of one database."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def rules(self) -> Iterator[Rule]:
        yield from self.post_rules()
        for kind in Post.kinds().values():
            yield from self.kind_rules(kind)
        yield from self.day_rules()
        yield from self.tagging_rules()
        yield from self.tag_rules()
        yield from self.linked_host_rules()
        yield from self.series_rules()
        yield from self.page_rules()
        yield from self.settings_rules()
        yield from self.search_rules()

    def post_rules(self) -> Iterator[Rule]:
        table = Post._meta.db_table
        for event, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
            keys = [
                f"'post-' || {row}.id",
                f"'title-' || {row}.id",
                *self.list_keys(row),
                self.series_key(row),
            ]
            yield Rule(table, event, self.is_visible(row), always(keys))
        changes = [
            ("'post-' || NEW.id", self.changed(columns(Post) - INVISIBLE_COLUMNS - {"card", "series_id"})),
            ("'at-' || NEW.id", self.changed(["card", "series_id"])),
            ("'title-' || NEW.id", self.changed(LINK_COLUMNS)),
            ("'updated-' || NEW.id", self.changed(["updated"])),
        ]
        for row in ("OLD", "NEW"):
            lists = [(key, self.changed(LISTING_COLUMNS)) for key in self.list_keys(row)]
            lists += [(self.series_key(row), self.changed([*LISTING_COLUMNS, "series_id"]))]
            changes += [(key, f"({condition}) AND {self.is_visible(row)}") for key, condition in lists]
        was_or_is_visible = f"{self.is_visible('OLD')} OR {self.is_visible('NEW')}"
        yield Rule(table, "UPDATE", was_or_is_visible, changes)

    def list_keys(self, row: str) -> Iterator[str]:
        yield f"'day-' || {row}.day"
        yield f"'kind-' || {row}.kind"
        yield f"'author-' || {row}.author_id"
        yield f"'feed-' || {self.dialect.utc_month.format(f'{row}.published')}"

    def series_key(self, row: str) -> str:
        return f"'series-' || (SELECT slug FROM {Series._meta.db_table} WHERE id = {row}.series_id)"

    def kind_rules(self, kind: type[Post]) -> Iterator[Rule]:
        pointer = kind._meta.pk.column
        own = columns(kind) - {pointer}
        if own:
            post = f"SELECT 1 FROM {Post._meta.db_table} AS post WHERE post.id = NEW.{pointer}"
            condition = f"({self.changed(own)}) AND EXISTS ({post} AND {self.is_visible('post')})"
            yield Rule(kind._meta.db_table, "UPDATE", condition, always([f"'post-' || NEW.{pointer}"]))

    def day_rules(self) -> Iterator[Rule]:
        """Day counts change with posts, which have their own rules, and alone when counts are recomputed."""
        yield from self.row_rules(Day, ("'day-' || {row}.day",), "1 = 1", ["counts"])

    def tagging_rules(self) -> Iterator[Rule]:
        slug = f"(SELECT slug FROM {Tag._meta.db_table} WHERE id = {{row}}.tag_id)"
        keys = (
            f"'tag-' || {slug}",
            "'tagged-' || {row}.content_object_id",
            "'post-' || {row}.content_object_id",
        )
        watched = ("tag_id", "content_object_id", "published", "is_public")
        yield from self.row_rules(Tagging, keys, "{row}.is_public", watched)

    def tag_rules(self) -> Iterator[Rule]:
        """Tags without public posts are on no public page."""
        table = Tag._meta.db_table
        for event, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
            yield Rule(table, event, f"{row}.uses > 0", always([f"'uses-' || {row}.slug"]))
        is_renamed = self.changed(["name", "slug"])
        is_redescribed = self.changed(["description_html"])
        changes = [("'uses-' || NEW.slug", self.changed(["name", "slug", "uses", "counts_by_year"]))]
        changes += [("'uses-' || OLD.slug", is_renamed), ("'named-' || NEW.id", is_renamed)]
        changes += [(f"'tag-' || {row}.slug", f"{is_renamed} OR {is_redescribed}") for row in ("OLD", "NEW")]
        yield Rule(table, "UPDATE", "OLD.uses > 0 OR NEW.uses > 0", changes)

    def linked_host_rules(self) -> Iterator[Rule]:
        keys = ("'host-' || {row}.host", "CASE WHEN {row}.is_via THEN 'via-' || {row}.host END")
        watched = ("host", "is_via", "published", "is_public")
        yield from self.row_rules(LinkedHost, keys, "{row}.is_public", watched)

    def series_rules(self) -> Iterator[Rule]:
        yield from self.row_rules(Series, ("'series-' || {row}.slug",), "1 = 1", columns(Series))

    def page_rules(self) -> Iterator[Rule]:
        watched = columns(Page) - INVISIBLE_COLUMNS
        yield from self.row_rules(Page, ("'page-' || {row}.slug",), "NOT {row}.is_draft", watched)

    def settings_rules(self) -> Iterator[Rule]:
        table = SiteSettings._meta.db_table
        yield Rule(table, "UPDATE", self.changed(columns(SiteSettings)), always([EVERYTHING]))
        changes = [
            (EVERYTHING, self.changed(columns(SiteState) - STATE_EXCEPTIONS)),
            ("'years'", self.changed(["counts_by_year"])),
            (FRAME, self.changed(["current_tags"])),
        ]
        # Every write to any visible table updates the version. That alone must not fire this trigger.
        watched = columns(SiteState) - {"version"}
        yield Rule(SiteState._meta.db_table, "UPDATE", "1 = 1", changes, frozenset(watched))

    def search_rules(self) -> Iterator[Rule]:
        """Rules for data that only search uses: tokens of posts, known words, previous tag names."""
        post = f"SELECT 1 FROM {Post._meta.db_table} AS post WHERE post.id = NEW.post_id"
        condition = (
            f"({self.changed(columns(SearchDocument))}) AND EXISTS ({post} AND {self.is_visible('post')})"
        )
        yield Rule(SearchDocument._meta.db_table, "UPDATE", condition, always(["'search'"]))
        for model in (Word, PreviousTagName):
            yield from self.row_rules(model, ("'search'",), "1 = 1", columns(model))

    def row_rules(
        self, model: type[Model], keys: Iterable[str], is_visible: str, watched: Iterable[str]
    ) -> Iterator[Rule]:
        """Yield rules that record the same keys after every event, for rows before and after it."""
        table, keys = model._meta.db_table, tuple(keys)
        for event, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
            changes = always(key.format(row=row) for key in keys)
            yield Rule(table, event, is_visible.format(row=row), changes)
        changes = [
            (key.format(row=row), is_visible.format(row=row)) for row in ("OLD", "NEW") for key in keys
        ]
        yield Rule(table, "UPDATE", self.changed(watched), changes)

    def is_visible(self, row: str) -> str:
        """Return SQL like `PostQuerySet.published()` by the database's clock, or true for counted posts.

        A counted post was public until now, whatever its columns say after the change.
        """
        return f"({row}.is_counted OR (NOT {row}.is_draft AND {row}.published <= {self.dialect.now}))"

    def changed(self, names: Iterable[str]) -> str:
        """Return SQL that is true if one of these columns has changed."""
        return " OR ".join(f'OLD."{name}" {self.dialect.is_distinct} NEW."{name}"' for name in sorted(names))


def always(keys: Iterable[str]) -> list[tuple[str, str]]:
    return [(key, "1 = 1") for key in keys]


def columns(model: type[Model]) -> set[str]:
    return {field.column for field in model._meta.local_concrete_fields if field.column}
