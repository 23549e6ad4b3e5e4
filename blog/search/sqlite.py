"""Full-text search with SQLite's FTS5: the table `blog_searchindex` of the migration."""

import json

from django.db import connection, models
from django.db.models.expressions import RawSQL

#: How much a word in the title, the tags, the body counts for bm25(); the others are for filters only.
WEIGHTS = "10.0, 4.0, 1.0, 0.0, 0.0"
#: The columns in which words stand that are searched for.
TEXTS = "{title tags body} : "
#: So many posts are looked up one by one.
MOST_ONE_BY_ONE = 50


def found(expression, one_by_one=False):
    """That a post matches, as a condition. SQLite looks up each that does, one by one or not."""
    return models.Q(pk__in=matching(expression))


def all_if_few(expression, most):
    """The ids of all posts that match; None where there are more."""
    sql = "SELECT rowid FROM blog_searchindex WHERE blog_searchindex MATCH %s LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [expression, most + 1])
        ids = [pk for [pk] in cursor.fetchall()]
    return ids if len(ids) <= most else None


def missing(expression):
    return ~found(expression)


def matching(expression):
    sql = "SELECT rowid FROM blog_searchindex WHERE blog_searchindex MATCH %s"
    return RawSQL(sql, [expression], output_field=models.BigIntegerField())  # noqa: S611


def among(expression, posts):
    """Those of these posts (ids) that match."""
    return [pk for [pk] in ask("rowid", expression, posts, one_by_one=len(posts) <= MOST_ONE_BY_ONE)]


def ranks(expression, within, posts):
    """How well each of these posts (ids) matches, higher for better: {id: number}.

    Expressions `within` which they are bound what the index looks at. In which columns a word stands need not
    be asked again, and takes long, since bm25() looks at every post that has the word: those for filters
    weigh nothing. But how rare a word is counts, too: one with digits could be a month to them.
    """
    if not any(map(str.isdigit, expression)):
        expression = expression.replace(TEXTS, "")
    columns = f"rowid, -bm25(blog_searchindex, {WEIGHTS})"
    return dict(ask(columns, all_of([expression, *within]), posts))


def ask(columns, expression, posts, one_by_one=False):
    """The rows of those of these posts (ids) that match.

    Not one by one, that is, each with a search of its own, it goes through all that match, from the first id
    to the last: the plus makes it do so.
    """
    sql = (
        f"SELECT {columns} FROM blog_searchindex WHERE blog_searchindex MATCH %s AND rowid BETWEEN %s AND %s "
        f"AND {'' if one_by_one else '+'}rowid IN (SELECT value FROM json_each(%s))"
    )
    bounds = min(posts, default=0), max(posts, default=0)
    with connection.cursor() as cursor:
        cursor.execute(sql, [expression, *bounds, json.dumps(posts)])
        return cursor.fetchall()


def any_of(terms):
    """In the query syntax of FTS5 (https://www.sqlite.org/fts5.html, section 3), as the rest here."""
    return f"({TEXTS}(" + " OR ".join(map(phrase, terms)) + "))"


def in_titles(terms):
    return "title : (" + " AND ".join(map(phrase, terms)) + ")"


def by(term):
    return f"by : {phrase(term)}"


def in_months(months):
    """In one of these months, whose names are their digits: 202406."""
    return "month : (" + " OR ".join(f'"{month}"' for month in months) + ")"


def all_of(expressions):
    return " AND ".join(expressions)


def but_not(expression, unwanted):
    return f"({expression}) NOT {unwanted}"


def phrase(term):
    if not term.is_prefix:
        return quoted(term.tokens)
    return f"({quoted(term.tokens)} * OR {quoted(term.stemmed)})"


def quoted(tokens):
    return '"' + " ".join(tokens) + '"'


def rebuild():
    """Make the index anew from the documents (the same manual, 6.10)."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO blog_searchindex (blog_searchindex) VALUES ('rebuild')")
