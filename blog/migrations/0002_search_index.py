"""Create each database's full-text index over `SearchDocument`.

Whoever alters the table `blog_searchdocument` on SQLite must create its triggers again: Django rebuilds a table
there to alter it, and the triggers go with the old one.
"""

from django.db import migrations

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
"""

# Positions keep phrases within one part: titles start at 1, tags at 401, bodies at 801, authors of quotations at
# 16,001, and the month has the last. Rows stay whole instead of moving to a TOAST table, since all that is
# searched and ranked is in them.
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
ALTER TABLE blog_searchdocument SET (toast_tuple_target = 8160);
"""


def create_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
        return
    for statement in SQLITE.split("\n\n"):
        schema_editor.execute(statement, params=None)
    # SQLite's planner ignores an index until it knows how many rows each value has.
    schema_editor.execute("ANALYZE post_found")


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION blog_search_vector CASCADE", params=None)
        return
    for event in ("insert", "delete", "update"):
        schema_editor.execute(f"DROP TRIGGER blog_searchdocument_{event}", params=None)
    schema_editor.execute("DROP TABLE blog_searchindex", params=None)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [migrations.RunPython(create_index, drop_index)]
