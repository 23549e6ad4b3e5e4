"""Each database's own index of what search knows of the posts.

Whoever changes the table `blog_searchdocument` on SQLite must make its triggers again: Django
rebuilds a table there to alter it, and the triggers go with the old one.
"""

from django.db import migrations

SQLITE = """
CREATE VIRTUAL TABLE blog_searchindex USING fts5(
    title, tags, body, by,
    content='blog_searchdocument', content_rowid='post_id',
    tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn'", prefix='2 3'
);

CREATE TRIGGER blog_searchdocument_insert AFTER INSERT ON blog_searchdocument BEGIN
    INSERT INTO blog_searchindex (rowid, title, tags, body, by)
    VALUES (new.post_id, new.title, new.tags, new.body, new.by);
END;

CREATE TRIGGER blog_searchdocument_delete AFTER DELETE ON blog_searchdocument BEGIN
    INSERT INTO blog_searchindex (blog_searchindex, rowid, title, tags, body, by)
    VALUES ('delete', old.post_id, old.title, old.tags, old.body, old.by);
END;

CREATE TRIGGER blog_searchdocument_update AFTER UPDATE ON blog_searchdocument BEGIN
    INSERT INTO blog_searchindex (blog_searchindex, rowid, title, tags, body, by)
    VALUES ('delete', old.post_id, old.title, old.tags, old.body, old.by);
    INSERT INTO blog_searchindex (rowid, title, tags, body, by)
    VALUES (new.post_id, new.title, new.tags, new.body, new.by);
END;
"""

# The title takes the places from 1 on, the tags those from 401, the body those from 801, and whose
# words they are those from 16,001: no phrase reaches from one into the next.
POSTGRESQL = """
CREATE FUNCTION blog_search_vector(title text, tags text, body text, author text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        string_agg('''' || label || token || ''':' || (place + number) || weight, ' '), ''
    )::tsvector
    FROM
        (VALUES
            (title, '', 0, 'A'), (tags, '', 400, 'B'), (body, '', 800, 'C'), (author, 'by:', 16000, 'D')
        ) AS parts (tokens, label, place, weight),
        LATERAL unnest(string_to_array(tokens, ' ')) WITH ORDINALITY AS words (token, number)
    WHERE token <> ''
$$;
ALTER TABLE blog_searchdocument ADD COLUMN vector tsvector
    GENERATED ALWAYS AS (blog_search_vector(title, tags, body, by)) STORED;
CREATE INDEX blog_searchdocument_vector ON blog_searchdocument USING gin (vector);
"""


def make_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
    else:
        for statement in SQLITE.split("\n\n"):
            schema_editor.execute(statement, params=None)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION blog_search_vector CASCADE", params=None)
    else:
        for event in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER blog_searchdocument_{event}", params=None)
        schema_editor.execute("DROP TABLE blog_searchindex", params=None)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [migrations.RunPython(make_index, drop_index)]
