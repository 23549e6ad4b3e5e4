"""Full-text search with SQLite's FTS5: the table `blog_searchindex` of the migration."""

import json

from django.db import connection, models
from django.db.models.expressions import RawSQL

#: How much a word in the title, the tags, the body counts for bm25(); the others are for filters only.
WEIGHTS = "10.0, 4.0, 1.0, 0.0, 0.0"


def rows(expression, in_months=False):
    """The ids of the posts that match. SQLite looks each of them up, in months or not."""
    sql = "SELECT rowid FROM blog_searchindex WHERE blog_searchindex MATCH %s"
    return RawSQL(sql, [expression], output_field=models.BigIntegerField())


def listed(posts):
    """These ids, as one parameter instead of thousands."""
    sql = "SELECT value FROM json_each(%s)"
    return RawSQL(sql, [json.dumps(posts)], output_field=models.BigIntegerField())


def ranks(expression, within, posts):
    """How well each of these posts (ids) matches, higher for better: {id: number}.

    Expressions `within` which they are bound what the index looks at. The plus keeps SQLite from looking the
    ids up one by one, each with a search of its own.
    """
    sql = (
        f"SELECT rowid, -bm25(blog_searchindex, {WEIGHTS}) FROM blog_searchindex "
        "WHERE blog_searchindex MATCH %s AND +rowid IN (SELECT value FROM json_each(%s))"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [all_of([expression, *within]), json.dumps(posts)])
        return dict(cursor.fetchall())


def any_of(terms):
    """In the query syntax of FTS5 (https://www.sqlite.org/fts5.html, section 3), as the rest here."""
    return "{title tags body} : (" + " OR ".join(map(phrase, terms)) + ")"


def in_titles(terms):
    return "title : (" + " AND ".join(map(phrase, terms)) + ")"


def by(term):
    return f"by : {phrase(term)}"


def in_months(months):
    """In one of these months, whose names are their digits: 202406."""
    return "month : (" + " OR ".join(f'"{month}"' for month in months) + ")"


def all_of(expressions):
    return " AND ".join(expressions)


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
