"""What a change of a row changes for readers: in SQL, for the triggers that note it.

Each fact is a name such as `post-7` or `day-2024-06-08`, put together from the columns of the row before
and after the change. The SQL is the same for both databases, but for what `Dialect` knows.
"""

from dataclasses import dataclass, field

from blog.models import (
    Day,
    Link,
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

EVERYTHING = "'all'"
#: What surrounds each page.
FRAME = "'frame'"
#: Changed columns of which say nothing to readers.
UNSEEN = {"modified"}
#: What decides in which lists a post stands, beside tags, links and series, and where in all of them.
PLACE = ("is_counted", "is_draft", "published", "day", "kind", "author_id")
#: What pages show that only link to it.
TITLE = (*PLACE, "headline", "language", "slug")
#: Columns of the site state that have rules of their own, or that readers see nothing of.
KEPT = {"version", "next_due", "counts_by_year", "current_tags"}


@dataclass(frozen=True)
class Dialect:
    differs: str  # the operator that takes NULL for a value
    now: str
    month: str  # of a time, in UTC


SQLITE = Dialect("IS NOT", "strftime('%Y-%m-%d %H:%M:%f', 'now')", "substr({}, 1, 7)")
POSTGRESQL = Dialect("IS DISTINCT FROM", "clock_timestamp()", "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM')")


@dataclass
class Rule:
    """What to note when a row of the table is inserted, updated or deleted, if the condition holds."""

    table: str
    event: str
    condition: str
    changes: list = field(default_factory=list)  # of (name, condition), both in SQL
    columns: frozenset = frozenset()  # an UPDATE that sets none of these does not fire; empty: each does

    @property
    def when(self):
        return f"{self.event} OF {', '.join(sorted(self.columns))}" if self.columns else self.event

    @property
    def statements(self):
        """A name that is NULL is none."""
        table = PendingChange._meta.db_table
        for name, condition in self.changes:
            yield (
                f"INSERT INTO {table} (key) SELECT change.key FROM (SELECT {name} AS key) AS change "
                f"WHERE change.key IS NOT NULL AND ({condition}) ON CONFLICT DO NOTHING"
            )


class RowChangeRules:
    """The rules for one kind of database."""

    def __init__(self, dialect):
        self.dialect = dialect

    def rules(self):
        yield from self.of_posts()
        for kind in Post.kinds().values():
            yield from self.of_kind(kind)
        yield from self.of_days()
        yield from self.of_taggings()
        yield from self.of_tags()
        yield from self.of_links()
        yield from self.of_series()
        yield from self.of_pages()
        yield from self.of_settings()
        yield from self.of_search()

    def of_posts(self):
        table = Post._meta.db_table
        for event, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
            changes = [
                f"'post-' || {row}.id",
                f"'title-' || {row}.id",
                *self.lists_of(row),
                self.series_of(row),
            ]
            yield Rule(table, event, self.is_visible(row), always(changes))
        changes = [
            ("'post-' || NEW.id", self.differ(columns(Post) - UNSEEN - {"card", "series_id"})),
            ("'at-' || NEW.id", self.differ(["card", "series_id"])),
            ("'title-' || NEW.id", self.differ(TITLE)),
            ("'updated-' || NEW.id", self.differ(["updated"])),
        ]
        for row in ("OLD", "NEW"):
            lists = [(name, self.differ(PLACE)) for name in self.lists_of(row)]
            lists += [(self.series_of(row), self.differ([*PLACE, "series_id"]))]
            changes += [(name, f"({condition}) AND {self.is_visible(row)}") for name, condition in lists]
        is_seen = f"{self.is_visible('OLD')} OR {self.is_visible('NEW')}"
        yield Rule(table, "UPDATE", is_seen, changes)

    def lists_of(self, row):
        yield f"'day-' || {row}.day"
        yield f"'kind-' || {row}.kind"
        yield f"'author-' || {row}.author_id"
        yield f"'feed-' || {self.dialect.month.format(f'{row}.published')}"

    def series_of(self, row):
        return f"'series-' || (SELECT slug FROM {Series._meta.db_table} WHERE id = {row}.series_id)"

    def of_kind(self, kind):
        pointer = kind._meta.pk.column
        own = {field.column for field in kind._meta.local_concrete_fields} - {pointer}
        if own:
            post = f"SELECT 1 FROM {Post._meta.db_table} AS post WHERE post.id = NEW.{pointer}"
            condition = f"({self.differ(own)}) AND EXISTS ({post} AND {self.is_visible('post')})"
            yield Rule(kind._meta.db_table, "UPDATE", condition, always([f"'post-' || NEW.{pointer}"]))

    def of_days(self):
        """What is kept of them follows from the posts, or else is mended."""
        yield from self.of_rows(Day, ("'day-' || {row}.day",), "1 = 1", ["counts"])

    def of_taggings(self):
        slug = f"(SELECT slug FROM {Tag._meta.db_table} WHERE id = {{row}}.tag_id)"
        names = (
            f"'tag-' || {slug}",
            "'tagged-' || {row}.content_object_id",
            "'post-' || {row}.content_object_id",
        )
        seen = ("tag_id", "content_object_id", "published", "is_public")
        yield from self.of_rows(Tagging, names, "{row}.is_public", seen)

    def of_tags(self):
        """One that no public post has, no reader sees."""
        table = Tag._meta.db_table
        for event, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
            yield Rule(table, event, f"{row}.uses > 0", always([f"'uses-' || {row}.slug"]))
        has_other_name = self.differ(["name", "slug"])
        is_described = self.differ(["description_html"])
        changes = [("'uses-' || NEW.slug", self.differ(["name", "slug", "uses", "counts_by_year"]))]
        changes += [("'uses-' || OLD.slug", has_other_name), ("'named-' || NEW.id", has_other_name)]
        changes += [
            (f"'tag-' || {row}.slug", f"{has_other_name} OR {is_described}") for row in ("OLD", "NEW")
        ]
        yield Rule(table, "UPDATE", "OLD.uses > 0 OR NEW.uses > 0", changes)

    def of_links(self):
        names = ("'host-' || {row}.host", "CASE WHEN {row}.is_via THEN 'via-' || {row}.host END")
        yield from self.of_rows(Link, names, "{row}.is_public", ("host", "is_via", "published", "is_public"))

    def of_series(self):
        yield from self.of_rows(Series, ("'series-' || {row}.slug",), "1 = 1", columns(Series))

    def of_pages(self):
        yield from self.of_rows(
            Page, ("'page-' || {row}.slug",), "NOT {row}.is_draft", columns(Page) - UNSEEN
        )

    def of_settings(self):
        table = SiteSettings._meta.db_table
        yield Rule(table, "UPDATE", self.differ(columns(SiteSettings)), always([EVERYTHING]))
        changes = [
            (EVERYTHING, self.differ(columns(SiteState) - KEPT)),
            ("'years'", self.differ(["counts_by_year"])),
            (FRAME, self.differ(["current_tags"])),
        ]
        # Every row that is written anywhere renews the version: that alone should cost nothing here.
        seen = columns(SiteState) - {"version"}
        yield Rule(SiteState._meta.db_table, "UPDATE", "1 = 1", changes, frozenset(seen))

    def of_search(self):
        """What only search knows: the words of posts, words that can be meant, former names of tags."""
        post = f"SELECT 1 FROM {Post._meta.db_table} AS post WHERE post.id = NEW.post_id"
        condition = (
            f"({self.differ(columns(SearchDocument))}) AND EXISTS ({post} AND {self.is_visible('post')})"
        )
        yield Rule(SearchDocument._meta.db_table, "UPDATE", condition, always(["'search'"]))
        for model in (Word, PreviousTagName):
            yield from self.of_rows(model, ("'search'",), "1 = 1", columns(model))

    def of_rows(self, model, names, is_seen, seen):
        """Rules for rows that are noted by the same names whatever becomes of them."""
        table = model._meta.db_table
        for event, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
            changes = always(name.format(row=row) for name in names)
            yield Rule(table, event, is_seen.format(row=row), changes)
        changes = [
            (name.format(row=row), is_seen.format(row=row)) for row in ("OLD", "NEW") for name in names
        ]
        yield Rule(table, "UPDATE", self.differ(seen), changes)

    def is_visible(self, row):
        """As `PostQuerySet.published()` has it by the database's clock, or as the counts still have it."""
        return f"({row}.is_counted OR (NOT {row}.is_draft AND {row}.published <= {self.dialect.now}))"

    def differ(self, names):
        return " OR ".join(f'OLD."{name}" {self.dialect.differs} NEW."{name}"' for name in sorted(names))


def always(names):
    return [(name, "1 = 1") for name in names]


def columns(model):
    return {field.column for field in model._meta.local_concrete_fields}
