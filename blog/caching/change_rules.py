"""Change rules: the surrogate keys to note when a row is inserted, updated or deleted, in SQL for triggers.

A key names what a response shows: `post-7`, `day-2024-06-08`, `newest`. The code that reads it says so (see
`blog.database.reads`). What both sides mean by each key is in docs/caching.md. The SQL is the same for both
databases, apart from what `Dialect` holds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Model

from blog.models import (
    Day,
    LinkedHost,
    Page,
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
from blog.timeline.page_sizes import FEED_SIZE, HOME_TITLES, PAGE_SIZE, PERMALINK_TITLES
from blog.timeline.titles import titled_kinds

from .surrogate_keys import EVERYTHING

#: If more posts than this have a renamed tag, everything is dropped.
MAX_RENAMED_POSTS = 200
#: Columns that no public page shows.
INVISIBLE_COLUMNS = {"modified"}
#: Columns of a post that decide its lists (besides those of tags, links and series) and its position there.
LISTING_COLUMNS = ("is_counted", "is_draft", "published", "day", "kind", "author_id")
#: Columns that pages show which only link to the post.
LINK_COLUMNS = (*LISTING_COLUMNS, "headline", "language", "slug")
#: Columns of the site state that have rules of their own, or that no public page shows.
STATE_EXCEPTIONS = {
    "burst",
    "burst_second",
    "counts_by_year",
    "current_tags",
    "current_tags_day",
    "next_due",
    "settings_id",
    "version",
}


@dataclass(frozen=True)
class Dialect:
    is_distinct: str  # the operator `!=` that treats NULL as a value
    now: str
    utc_month: str  # of a time, as a format string
    month: str  # of a date
    year: str  # of a date
    counts: str  # rows of year, kind and number in a JSON column

    def counts_changed(self, selected: str) -> str:
        """Return a query for the rows of the counts that differ before and after, with what is `selected`."""
        old, new = (self.counts.format(f"{row}.counts_by_year") for row in ("OLD", "NEW"))
        return (
            f"SELECT DISTINCT {selected} AS key FROM ("
            f"SELECT * FROM ({new} EXCEPT {old}) AS added UNION SELECT * FROM ({old} EXCEPT {new}) AS removed"
            ") AS changed"
        )


SQLITE = Dialect(
    is_distinct="IS NOT",
    now="strftime('%Y-%m-%d %H:%M:%f', 'now')",
    utc_month="substr({}, 1, 7)",
    month="substr({}, 1, 7)",
    year="CAST(substr({}, 1, 4) AS INTEGER)",
    counts="SELECT years.key AS year, kinds.key AS kind, kinds.value AS number "
    "FROM json_each({}) AS years, json_each(years.value) AS kinds",
)
POSTGRESQL = Dialect(
    is_distinct="IS DISTINCT FROM",
    now="clock_timestamp()",
    utc_month="to_char({} AT TIME ZONE 'UTC', 'YYYY-MM')",
    month="to_char({}, 'YYYY-MM')",
    year="extract(year FROM {})::int",
    counts="SELECT years.key AS year, kinds.key AS kind, kinds.value AS number "
    "FROM jsonb_each({}) AS years, jsonb_each(years.value) AS kinds",
)


@dataclass
class Rule:
    """The keys to note after `event` on a row of the table.

    Each is a query that yields them as `key`, with the condition on which it runs. If `condition` is false,
    readers don't see the change, and nothing is noted.
    """

    table: str
    event: str
    condition: str = "1 = 1"
    changes: list[tuple[str, str]] = field(default_factory=list)
    columns: frozenset[str] = frozenset()  # fire only for an UPDATE that sets one of these; if empty, for any

    @property
    def when(self) -> str:
        return f"{self.event} OF {', '.join(sorted(self.columns))}" if self.columns else self.event


class ChangeRules:
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
        yield from self.row_rules(Series, ("'series-' || {row}.slug", "'series'"), columns(Series))
        yield from self.page_rules()
        yield from self.settings_rules()
        for model in (SearchDocument, Word, PreviousTagName):
            yield from self.row_rules(
                model, (), columns(model)
            )  # only search reads them, and nothing follows it

    def post_rules(self) -> Iterator[Rule]:
        table = Post._meta.db_table
        for event, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
            changes = always(f"'post-' || {row}.id", f"'title-' || {row}.id", *self.list_keys(row))
            changes += [*always(*self.series_keys(row)), *(self.arrival(row) if row == "NEW" else ())]
            yield Rule(table, event, self.is_visible(row), changes)
        changes = [
            (one("'post-' || NEW.id"), self.changed(columns(Post) - INVISIBLE_COLUMNS)),
            (one("'title-' || NEW.id"), self.changed(LINK_COLUMNS)),
            (one(self.year_key("NEW")), self.changed(LINK_COLUMNS)),
            (one(self.sitemap_key("NEW")), f"{self.changed(['updated'])} OR {self.changed(LINK_COLUMNS)}"),
        ]
        moved = self.changed(LISTING_COLUMNS)
        for row in ("OLD", "NEW"):
            is_visible = self.is_visible(row)
            changes += [(one(key), f"({moved}) AND {is_visible}") for key in self.list_keys(row)]
            joined = self.changed([*LISTING_COLUMNS, "series_id"])
            changes += [(one(key), f"({joined}) AND {is_visible}") for key in self.series_keys(row)]
        changes += [
            (key, f"({moved}) AND {self.is_visible('NEW')} AND ({when})") for key, when in self.arrival("NEW")
        ]
        yield Rule(table, "UPDATE", f"{self.is_visible('OLD')} OR {self.is_visible('NEW')}", changes)

    def list_keys(self, row: str) -> Iterator[str]:
        """Yield the keys of the lists that a post is in because of its own columns."""
        yield f"'day-' || {row}.day"
        yield f"'month-' || {self.dialect.month.format(f'{row}.day')}"
        yield self.year_key(row)
        yield self.sitemap_key(row)
        yield f"'kind-' || {row}.kind"
        yield f"'author-' || {row}.author_id"
        yield f"'feed-' || {self.dialect.utc_month.format(f'{row}.published')}"

    def year_key(self, row: str) -> str:
        return f"'year-' || {self.dialect.year.format(f'{row}.day')}"

    def sitemap_key(self, row: str) -> str:
        return f"'sitemap-' || {self.dialect.year.format(f'{row}.day')}"

    def series_keys(self, row: str) -> Iterator[str]:
        yield f"'series-' || (SELECT slug FROM {Series._meta.db_table} WHERE id = {row}.series_id)"
        yield f"CASE WHEN {row}.series_id IS NOT NULL THEN 'series' END"

    def arrival(self, row: str) -> Iterator[tuple[str, str]]:
        """Yield the lists of the newest that a post enters, and the posts right before and after it.

        A list that loses a post has the key of that post.
        """
        titled = ", ".join(f"'{name}'" for name in titled_kinds())
        newest = max(PAGE_SIZE, FEED_SIZE) + 1
        yield one("'newest'"), self.is_among(row, newest, "1 = 1")
        yield one(f"'newest-' || {row}.kind"), self.is_among(row, newest, f"other.kind = {row}.kind")
        for number in (HOME_TITLES, PERMALINK_TITLES + 1):
            is_entered = self.is_among(row, number, f"other.kind IN ({titled})")
            yield one(f"'titles-{number}'"), f"{row}.kind IN ({titled}) AND {is_entered}"
        yield one(self.neighbour(row, "<", "DESC", "first")), "1 = 1"
        yield one(self.neighbour(row, ">", "ASC", "last")), "1 = 1"

    def is_among(self, row: str, number: int, condition: str) -> str:
        """Return SQL that is true if fewer than `number` public posts that meet the condition are newer."""
        newer = (
            f"SELECT 1 FROM {Post._meta.db_table} AS other WHERE {self.is_past('other', row, '>')} "
            f"AND {condition} LIMIT {number}"
        )
        return f"(SELECT count(*) FROM ({newer}) AS newer) < {number}"

    def neighbour(self, row: str, operator: str, order: str, end: str) -> str:
        """Return SQL for the key of the nearest public post on one side, or of that end of the timeline."""
        return (
            f"coalesce((SELECT 'at-' || other.id FROM {Post._meta.db_table} AS other "
            f"WHERE {self.is_past('other', row, operator)} "
            f"ORDER BY other.published {order}, other.id {order} LIMIT 1), 'at-{end}')"
        )

    def is_past(self, other: str, row: str, operator: str) -> str:
        """Return a condition for the public posts before or after a row. An index can use its first part."""
        return (
            f"{other}.published {operator}= {row}.published "
            f"AND ({other}.published {operator} {row}.published OR {other}.id {operator} {row}.id) "
            f"AND {self.is_visible(other)}"
        )

    def kind_rules(self, kind: type[Post]) -> Iterator[Rule]:
        """Rows of kinds are inserted and deleted together with those of posts."""
        pointer = kind._meta.pk.column
        if own := columns(kind) - {pointer}:
            post = f"SELECT 1 FROM {Post._meta.db_table} AS post WHERE post.id = NEW.{pointer}"
            condition = f"({self.changed(own)}) AND EXISTS ({post} AND {self.is_visible('post')})"
            yield Rule(kind._meta.db_table, "UPDATE", condition, always(f"'post-' || NEW.{pointer}"))

    def day_rules(self) -> Iterator[Rule]:
        """A day that appears or disappears also changes what the days around it link to."""
        table = Day._meta.db_table
        for event, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
            before = f"SELECT max(day) FROM {table} WHERE day < {row}.day"
            after = f"SELECT min(day) FROM {table} WHERE day > {row}.day"
            around = (
                f"'after-' || coalesce(CAST(({before}) AS text), 'none')",
                f"'before-' || coalesce(CAST(({after}) AS text), 'none')",
            )
            own = (f"'after-' || {row}.day", f"'before-' || {row}.day") if event == "DELETE" else ()
            yield Rule(table, event, changes=always(*self.day_keys(row), "'days'", *around, *own))
        counted, changed = self.changed(["counts"]), self.changed(["counts", "updated"])
        keys = [(one(key), counted) for key in self.day_keys("NEW")]
        yield Rule(table, "UPDATE", changed, [*keys, (one("'days'"), changed)])

    def day_keys(self, row: str) -> Iterator[str]:
        yield f"'day-' || {row}.day"
        yield f"'calendar-' || {self.dialect.month.format(f'{row}.day')}"
        yield self.year_key(row)

    def tagging_rules(self) -> Iterator[Rule]:
        """A tagging also affects the other tags of the post, as related tags."""
        tags = (
            f"SELECT 'tag-' || tag.slug AS key FROM {Tag._meta.db_table} AS tag "
            f"WHERE tag.id = {{row}}.tag_id OR tag.id IN (SELECT other.tag_id FROM {Tagging._meta.db_table} "
            "AS other WHERE other.content_object_id = {row}.content_object_id)"
        )
        queries = (tags, one("'post-' || {row}.content_object_id"))
        watched = ("tag_id", "content_object_id", "published", "is_public")
        yield from self.row_rules(Tagging, (), watched, "{row}.is_public", queries)

    def tag_rules(self) -> Iterator[Rule]:
        """Tags without public posts are on no public page."""
        table = Tag._meta.db_table
        for event, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
            keys = (f"'tag-' || {row}.slug", f"'name-' || {row}.slug", "'tags'")
            yield Rule(table, event, f"{row}.uses > 0", always(*keys))
        is_renamed = self.changed(["name", "slug"])
        is_counted = self.changed(["name", "slug", "uses", "counts_by_year"])
        changes = [(one("'tags'"), is_counted)]
        for row in ("OLD", "NEW"):
            changes += [(one(f"'name-' || {row}.slug"), is_renamed)]
            changes += [
                (one(f"'tag-' || {row}.slug"), f"{is_counted} OR {self.changed(['description_html'])}")
            ]
        changes += [(self.posts_of_renamed_tag(), is_renamed)]
        yield Rule(table, "UPDATE", "OLD.uses > 0 OR NEW.uses > 0", changes)

    def posts_of_renamed_tag(self) -> str:
        tagged = f"FROM {Tagging._meta.db_table} AS tagged WHERE tagged.tag_id = NEW.id AND tagged.is_public"
        return (
            f"SELECT DISTINCT CASE WHEN (SELECT count(*) {tagged}) > {MAX_RENAMED_POSTS} THEN '{EVERYTHING}' "
            f"ELSE 'post-' || tagged.content_object_id END AS key {tagged}"
        )

    def linked_host_rules(self) -> Iterator[Rule]:
        keys = (
            "'host-' || {row}.host",
            "'links'",
            "CASE WHEN {row}.is_via THEN 'via-' || {row}.host END",
            "CASE WHEN {row}.is_via THEN 'vias' END",
        )
        watched = ("host", "is_via", "published", "is_public")
        yield from self.row_rules(LinkedHost, keys, watched, "{row}.is_public")

    def page_rules(self) -> Iterator[Rule]:
        watched = columns(Page) - INVISIBLE_COLUMNS
        yield from self.row_rules(Page, ("'page-' || {row}.slug", "'pages'"), watched, "NOT {row}.is_draft")

    def settings_rules(self) -> Iterator[Rule]:
        table = SiteSettings._meta.db_table
        yield Rule(table, "UPDATE", self.changed(columns(SiteSettings)), always(f"'{EVERYTHING}'"))
        counts = self.changed(["counts_by_year"])
        changes = [
            (one(f"'{EVERYTHING}'"), self.changed(columns(SiteState) - STATE_EXCEPTIONS)),
            (one("'counts'"), counts),
            (self.dialect.counts_changed("'counts-' || kind"), counts),
            (self.years_changed(), counts),
            (one("'current-tags'"), self.changed(["current_tags"])),
        ]
        # Every change of any row updates the version. That alone must not fire this trigger.
        watched = columns(SiteState) - STATE_EXCEPTIONS | {"counts_by_year", "current_tags"}
        yield Rule(SiteState._meta.db_table, "UPDATE", self.changed(watched), changes, frozenset(watched))

    def years_changed(self) -> str:
        """Return a query for `years` if a year got its first post or lost its last."""
        old, new = (
            f"SELECT year FROM ({self.dialect.counts.format(f'{row}.counts_by_year')}) AS counts_{row}"
            for row in ("OLD", "NEW")
        )
        differences = (
            f"SELECT * FROM ({new} EXCEPT {old}) AS added UNION SELECT * FROM ({old} EXCEPT {new}) AS removed"
        )
        return f"SELECT 'years' AS key WHERE EXISTS ({differences})"

    def row_rules(
        self,
        model: type[Model],
        keys: Iterable[str],
        watched: Iterable[str],
        is_visible: str = "1 = 1",
        queries: Iterable[str] = (),
    ) -> Iterator[Rule]:
        """Yield rules that note the same keys after every event, for rows before and after it."""
        table, queries = model._meta.db_table, (*map(one, keys), *queries)
        for event, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
            changes = [(query.format(row=row), "1 = 1") for query in queries]
            yield Rule(table, event, is_visible.format(row=row), changes)
        changes = [
            (query.format(row=row), is_visible.format(row=row)) for row in ("OLD", "NEW") for query in queries
        ]
        visible = " OR ".join(is_visible.format(row=row) for row in ("OLD", "NEW"))
        yield Rule(table, "UPDATE", f"({self.changed(watched)}) AND ({visible})", changes)

    def is_visible(self, row: str) -> str:
        """Return SQL like `PostQuerySet.published()` by the database's clock, or true for counted posts.

        A counted post was public until now, whatever its columns say after the change.
        """
        return f"({row}.is_counted OR (NOT {row}.is_draft AND {row}.published <= {self.dialect.now}))"

    def changed(self, names: Iterable[str]) -> str:
        """Return SQL that is true if one of these columns has changed."""
        return " OR ".join(f'OLD."{name}" {self.dialect.is_distinct} NEW."{name}"' for name in sorted(names))


def one(key: str) -> str:
    """Return a query that yields the value of an SQL expression."""
    return f"SELECT {key} AS key"


def always(*keys: str) -> list[tuple[str, str]]:
    return [(one(key), "1 = 1") for key in keys]


def columns(model: type[Model]) -> set[str]:
    return {field.column for field in model._meta.local_concrete_fields if field.column}
