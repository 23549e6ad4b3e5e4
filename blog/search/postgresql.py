"""Full-text search on PostgreSQL: a generated `tsvector` column and its GIN index (see the migration).

No text search configuration is involved: the application makes the tokens, so matches are the same as on
SQLite. PostgreSQL stores at most 256 positions of a token in a document, so it misses phrases further on in
very long texts.
"""

from collections.abc import Iterable, Sequence

from django.db import connection, models
from django.db.models.expressions import RawSQL

from blog.database.lookups import array_literal
from blog.models import SearchDocument

from .query import Term

#: The prefixes of author tokens and months in the column. A typed prefix could match them.
BY, IN = "by:", "in:"

#: ts_rank_cd() weights of D (unused), C (body), B (tags) and A (title).
WEIGHTS = "{0, 0.1, 0.4, 1}"

MATCHING = "SELECT post_id FROM blog_searchdocument WHERE vector @@ %s::tsquery"


class IsOneOf(models.Func):
    """`first = ANY(second::bigint[])`: an index can look up each element of the array."""

    arity, arg_joiner = 2, " = ANY("
    template = "%(expressions)s::bigint[])"
    output_field = models.BooleanField()


def matches(expression: str, one_by_one: bool = False) -> models.Q:
    """Return the condition that a post matches.

    OFFSET 0 makes PostgreSQL query the full-text index first. Otherwise, for a short list of the newest
    posts, it might walk the timeline until it has found enough matches: for a word rarer than it estimates,
    the whole timeline.

    `one_by_one` looks up each matching id by primary key. It takes as little as half the time unless filters
    leave few posts, and it is needed with months: PostgreSQL estimates many posts for a month that has none
    yet, and would rather read all posts.
    """
    if one_by_one:
        return models.Q(IsOneOf(models.F("pk"), RawSQL(f"ARRAY({MATCHING})", [expression])))  # noqa: S611
    return models.Q(pk__in=RawSQL(f"{MATCHING} OFFSET 0", [expression]))  # noqa: S611


def all_if_few(expression: str, limit: int) -> list[int] | None:
    """Return None: PostgreSQL reads all matches from a GIN index before it can stop at a limit."""
    return None


def does_not_match(expression: str) -> models.Q:
    """Return the condition that a post does not match, which is checked post by post.

    A list of the matching posts could be too large for memory, and then PostgreSQL would build it again for
    each post.
    """
    matches = RawSQL("vector @@ %s::tsquery", [expression], models.BooleanField())
    return ~models.Q(models.Exists(SearchDocument.objects.filter(matches, post=models.OuterRef("pk"))))


def matching_ids(expression: str, posts: Sequence[int]) -> list[int]:
    """Return those of the post ids that match."""
    with connection.cursor() as cursor:
        cursor.execute(f"{MATCHING} AND post_id = ANY(%s::bigint[])", [expression, array_literal(posts)])
        return [pk for [pk] in cursor.fetchall()]


def ranks(expression: str, months: Sequence[str], posts: Sequence[int]) -> dict[int, float]:
    """Return how well each of the post ids matches, higher for better.

    The expressions for `months` are ignored: the ids limit what is read.
    """
    sql = (
        f"SELECT post_id, ts_rank_cd('{WEIGHTS}', vector, %s::tsquery, 1) FROM blog_searchdocument "
        "WHERE post_id = ANY(%s::bigint[])"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [expression, array_literal(posts)])
        return dict(cursor.fetchall())


# Expressions in the syntax of tsquery (PostgreSQL manual, 8.11.2)


def any_of(terms: Iterable[Term]) -> str:
    return "(" + " | ".join(map(phrase, terms)) + ")"


def in_titles(terms: Iterable[Term]) -> str:
    return " & ".join(phrase(term, weight="A") for term in terms)


def by(term: Term) -> str:
    return "(" + sequence([BY + token for token in term.tokens]) + ")"


def in_months(months: Iterable[str]) -> str:
    """Match documents of any of the months, given as digits: 202406."""
    return "(" + " | ".join(f"'{IN}{month}'" for month in months) + ")"


def all_of(expressions: Iterable[str]) -> str:
    return " & ".join(expressions)


def but_not(expression: str, unwanted: str) -> str:
    return f"({expression}) & !{unwanted}"


def phrase(term: Term, weight: str = "") -> str:
    """Match adjacent tokens; with a weight, only in text of that weight."""
    if not term.is_prefix:
        return f"({sequence(term.tokens, weight)})"
    could_match_label = any(label.startswith(term.tokens[-1]) for label in (BY, IN))
    end = "*ABC" if could_match_label and not weight else f"*{weight}"
    return f"({sequence(term.tokens, weight, end)} | {sequence(term.stemmed, weight)})"


def sequence(tokens: Sequence[str], weight: str = "", end: str = "") -> str:
    """Join tokens with <->. `end` replaces the weight of the last one, such as by the * of a prefix."""
    marks = [weight] * (len(tokens) - 1) + [end or weight]
    return " <-> ".join(
        f"'{token}':{mark}" if mark else f"'{token}'" for token, mark in zip(tokens, marks, strict=True)
    )


def rebuild() -> None:
    """Do nothing: PostgreSQL writes the column with the row."""
