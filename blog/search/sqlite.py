"""Full-text search on SQLite: the FTS5 table `blog_searchindex` (see the migration)."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

from .query import Term

#: bm25() weights of title, tags and body; the other two columns are only filtered by.
WEIGHTS = "10.0, 4.0, 1.0, 0.0, 0.0"
#: The column filter for words.
TEXTS = "{title tags body} : "
#: Up to this many posts are looked up one by one.
MAX_ONE_BY_ONE = 50

MATCHING = "SELECT rowid FROM blog_searchindex WHERE blog_searchindex MATCH %s"


def matches(expression: str, one_by_one: bool = False) -> models.Q:
    """Return the condition that a post matches. `one_by_one` makes no difference: SQLite always does that."""
    return models.Q(pk__in=RawSQL(MATCHING, [expression], models.BigIntegerField()))  # noqa: S611


def all_if_few(expression: str, limit: int) -> list[int] | None:
    """Return the ids of all matching posts, or None if there are more than `limit`."""
    with connection.cursor() as cursor:
        cursor.execute(f"{MATCHING} LIMIT %s", [expression, limit + 1])
        ids = [pk for [pk] in cursor.fetchall()]
    return ids if len(ids) <= limit else None


def does_not_match(expression: str) -> models.Q:
    return ~matches(expression)


def matching_ids(expression: str, posts: Sequence[int]) -> list[int]:
    """Return those of the post ids that match."""
    return [pk for [pk] in select("rowid", expression, posts, one_by_one=len(posts) <= MAX_ONE_BY_ONE)]


def ranks(expression: str, months: Sequence[str], posts: Sequence[int]) -> dict[int, float]:
    """Return how well each of the post ids matches, higher for better.

    The expressions for `months` limit the documents that the index visits. The column filter is dropped
    because it is slow: bm25() reads every document that has the word, and the columns it excludes weigh
    nothing. But bm25() also counts how many documents have a word, and a word with digits could equal a
    month, so for those the filter stays.
    """
    if not any(map(str.isdigit, expression)):
        expression = expression.replace(TEXTS, "")
    columns = f"rowid, -bm25(blog_searchindex, {WEIGHTS})"
    return dict(select(columns, all_of([expression, *months]), posts))


def select(
    columns: str, expression: str, posts: Sequence[int], one_by_one: bool = False
) -> list[tuple[Any, ...]]:
    """Return these columns of those of the post ids that match.

    `one_by_one` runs a full-text query for each id. Otherwise one query reads all matches between the lowest
    and the highest id: the plus keeps SQLite from using the list of ids as an index constraint.
    """
    sql = (
        f"SELECT {columns} FROM blog_searchindex WHERE blog_searchindex MATCH %s AND rowid BETWEEN %s AND %s "
        f"AND {'' if one_by_one else '+'}rowid IN (SELECT value FROM json_each(%s))"
    )
    bounds = min(posts, default=0), max(posts, default=0)
    with connection.cursor() as cursor:
        cursor.execute(sql, [expression, *bounds, json.dumps(posts)])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


# Expressions in the query syntax of FTS5 (https://www.sqlite.org/fts5.html, section 3)


def any_of(terms: Iterable[Term]) -> str:
    return f"({TEXTS}(" + " OR ".join(map(phrase, terms)) + "))"


def in_titles(terms: Iterable[Term]) -> str:
    return "title : (" + " AND ".join(map(phrase, terms)) + ")"


def by(term: Term) -> str:
    return f"by : {phrase(term)}"


def in_months(months: Iterable[str]) -> str:
    """Match documents of any of the months, given as digits: 202406."""
    return "month : (" + " OR ".join(f'"{month}"' for month in months) + ")"


def all_of(expressions: Iterable[str]) -> str:
    return " AND ".join(expressions)


def but_not(expression: str, unwanted: str) -> str:
    return f"({expression}) NOT {unwanted}"


def phrase(term: Term) -> str:
    if not term.is_prefix:
        return quoted(term.tokens)
    return f"({quoted(term.tokens)} * OR {quoted(term.stemmed)})"


def quoted(tokens: Iterable[str]) -> str:
    return '"' + " ".join(tokens) + '"'


def rebuild() -> None:
    """Rebuild the index from the search documents (FTS5, section 6.10)."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO blog_searchindex (blog_searchindex) VALUES ('rebuild')")
