"""Search learns in which month a post stands, so that it can look through the newest months first.

The indexes of both databases are made anew, with the month as one more thing that a post is found by.
Whoever changes the table `blog_searchdocument` on SQLite must make its triggers again: Django rebuilds a
table there to alter it, and the triggers go with the old one.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Cast, Concat, Substr

former = import_module("blog.migrations.0002_search_index")

SQLITE = """
CREATE VIRTUAL TABLE blog_searchindex USING fts5(
    title, tags, body, by, month,
    content='blog_searchdocument', content_rowid='post_id',
    tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn'", prefix='2 3'
);

CREATE TRIGGER blog_searchdocument_insert AFTER INSERT ON blog_searchdocument BEGIN
    INSERT INTO blog_searchindex (rowid, title, tags, body, by, month)
    VALUES (new.post_id, new.title, new.tags, new.body, new.by, new.month);
END;

CREATE TRIGGER blog_searchdocument_delete AFTER DELETE ON blog_searchdocument BEGIN
    INSERT INTO blog_searchindex (blog_searchindex, rowid, title, tags, body, by, month)
    VALUES ('delete', old.post_id, old.title, old.tags, old.body, old.by, old.month);
END;

CREATE TRIGGER blog_searchdocument_update AFTER UPDATE ON blog_searchdocument BEGIN
    INSERT INTO blog_searchindex (blog_searchindex, rowid, title, tags, body, by, month)
    VALUES ('delete', old.post_id, old.title, old.tags, old.body, old.by, old.month);
    INSERT INTO blog_searchindex (rowid, title, tags, body, by, month)
    VALUES (new.post_id, new.title, new.tags, new.body, new.by, new.month);
END;

INSERT INTO blog_searchindex (blog_searchindex) VALUES ('rebuild');
"""

# The title takes the places from 1 on, the tags those from 401, the body those from 801, whose words they
# are those from 16,001, and the month the last: no phrase reaches from one into the next.
POSTGRESQL = """
CREATE FUNCTION blog_search_vector(title text, tags text, body text, author text, month text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        string_agg('''' || label || token || ''':' || (place + number) || weight, ' '), ''
    )::tsvector
    FROM
        (VALUES
            (title, '', 0, 'A'), (tags, '', 400, 'B'), (body, '', 800, 'C'), (author, 'by:', 16000, 'D'),
            (month, 'in:', 16382, 'D')
        ) AS parts (tokens, label, place, weight),
        LATERAL unnest(string_to_array(tokens, ' ')) WITH ORDINALITY AS words (token, number)
    WHERE token <> ''
$$;
ALTER TABLE blog_searchdocument ADD COLUMN vector tsvector
    GENERATED ALWAYS AS (blog_search_vector(title, tags, body, by, month)) STORED;
CREATE INDEX blog_searchdocument_vector ON blog_searchdocument USING gin (vector);
"""


def fill(apps, schema_editor):
    """Without the time of day, a date's text is the same on every database: 2024-06-08."""
    Post, SearchDocument = (apps.get_model("blog", name) for name in ("Post", "SearchDocument"))
    day = Cast("day", models.CharField())
    posts = Post.objects.filter(pk=OuterRef("post")).annotate(month=Concat(Substr(day, 1, 4), Substr(day, 6, 2)))
    SearchDocument.objects.update(month=Subquery(posts.values("month")))


def make_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
    else:
        for statement in filter(None, SQLITE.split("\n\n")):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("blog", "0034_days")]

    operations = [
        migrations.RunPython(former.drop_index, former.make_index),
        migrations.AddField(
            model_name="searchdocument",
            name="month",
            field=models.CharField(default="", help_text="The month of its day, such as 202406.", max_length=6),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(make_index, former.drop_index),
    ]
