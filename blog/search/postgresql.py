"""Full-text search with PostgreSQL: the `tsvector` column of the migration and its GIN index.

No text search configuration takes part: the tokens are ours, so the words are those that
SQLite finds. Of a token, PostgreSQL knows the first 256 places in a post; phrases further on
in a very long text are not found.
"""

from django.db import connection, models
from django.db.models.expressions import RawSQL

from blog.database.lookups import array_literal
from blog.models import SearchDocument

#: What the tokens of `by` and the months begin with in the column. It could be the beginning of a prefix.
BY, IN = "by:", "in:"

#: How much a word in (nothing), the body, the tags, the title counts for ts_rank_cd().
WEIGHTS = "{0, 0.1, 0.4, 1}"


#: The posts that an expression matches.
MATCHING = "SELECT post_id FROM blog_searchdocument WHERE vector @@ %s::tsquery"


class IsOneOf(models.Func):
    """That the first is in the second, an array, each element of which is looked up if an index can do so.

    `first = ANY(second::bigint[])`
    """

    arity, arg_joiner = 2, " = ANY("
    template = "%(expressions)s::bigint[])"
    output_field = models.BooleanField()


def found(expression, one_by_one=False):
    """That a post matches, as a condition.

    The index of words is asked first, for which OFFSET 0 stands. Else, for the newest few, PostgreSQL might
    go through the posts until it had found as many; where a word is rarer than it thinks, through all.

    One by one, an array is made of the ids, and each of them looked up in their order, which takes down to
    half of the time, unless filters leave few of the posts. In months it has to be: PostgreSQL takes a month
    that no post is of yet for one that many are of, and would rather read all posts.
    """
    if one_by_one:
        return models.Q(IsOneOf(models.F("pk"), RawSQL(f"ARRAY({MATCHING})", [expression])))  # noqa: S611
    return models.Q(pk__in=RawSQL(f"{MATCHING} OFFSET 0", [expression]))  # noqa: S611


def all_if_few(expression, most):
    """None: PostgreSQL could not stop before it has read all that its index says of the words."""


def missing(expression):
    """That a post does not match, as a condition: each is asked. Those that do could be too many for a list
    in memory, and PostgreSQL would make that list anew for each post.
    """
    matches = RawSQL("vector @@ %s::tsquery", [expression], models.BooleanField())
    return ~models.Exists(SearchDocument.objects.filter(matches, post=models.OuterRef("pk")))


def among(expression, posts):
    """Those of these posts (ids) that match."""
    with connection.cursor() as cursor:
        cursor.execute(f"{MATCHING} AND post_id = ANY(%s::bigint[])", [expression, array_literal(posts)])
        return [pk for [pk] in cursor.fetchall()]


def ranks(expression, within, posts):
    """How well each of these posts (ids) matches, higher for better: {id: number}.

    The posts bound what is read; expressions `within` which they are would only take time.
    """
    sql = (
        f"SELECT post_id, ts_rank_cd('{WEIGHTS}', vector, %s::tsquery, 1) FROM blog_searchdocument "
        "WHERE post_id = ANY(%s::bigint[])"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [expression, array_literal(posts)])
        return dict(cursor.fetchall())


def any_of(terms):
    """In the syntax of tsquery (PostgreSQL's manual, 8.11.2), as the rest here."""
    return "(" + " | ".join(map(phrase, terms)) + ")"


def in_titles(terms):
    return " & ".join(phrase(term, weight="A") for term in terms)


def by(term):
    return "(" + sequence([BY + token for token in term.tokens]) + ")"


def in_months(months):
    """In one of these months, whose names are their digits: 202406."""
    return "(" + " | ".join(f"'{IN}{month}'" for month in months) + ")"


def all_of(expressions):
    return " & ".join(expressions)


def but_not(expression, unwanted):
    return f"({expression}) & !{unwanted}"


def phrase(term, weight=""):
    """The tokens next to each other; with a weight, in a text of that weight only."""
    if not term.is_prefix:
        return f"({sequence(term.tokens, weight)})"
    could_be_ours = any(label.startswith(term.tokens[-1]) for label in (BY, IN))
    end = "*ABC" if could_be_ours and not weight else f"*{weight}"
    return f"({sequence(term.tokens, weight, end)} | {sequence(term.stemmed, weight)})"


def sequence(tokens, weight="", end=""):
    """The last token may have an `end` of its own, such as the asterisk of a prefix."""
    marks = [weight] * (len(tokens) - 1) + [end or weight]
    return " <-> ".join(
        f"'{token}':{mark}" if mark else f"'{token}'" for token, mark in zip(tokens, marks, strict=True)
    )


def rebuild():
    """Nothing is left to do: PostgreSQL has written the column with the row."""
