"""Search: what is known of each post, and each database's own index of it.

Whoever changes the table `blog_searchdocument` on SQLite must make its triggers again: Django
rebuilds a table there to alter it, and the triggers go with the old one.
"""

import django.db.models.deletion
from django.db import migrations, models

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
        schema_editor.connection.cursor().executescript(SQLITE)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION blog_tokens CASCADE", params=None)
    else:
        schema_editor.execute("DROP TABLE blog_searchindex", params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('blog', '0002_about_page'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_document', serialize=False, to='blog.post')),
                ('title', models.TextField()),
                ('tags', models.TextField(default='')),
                ('body', models.TextField()),
                ('by', models.TextField(default='', help_text='Whose words a quotation is.')),
                ('text', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.AddField(
            model_name='tag',
            name='uses',
            field=models.PositiveIntegerField(default=0, editable=False, help_text='Posts that have it and are no drafts, kept rather than counted.'),
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=253)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='blog.post')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('host', 'post'), name='link_once')],
            },
        ),
        migrations.CreateModel(
            name='Trigram',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=3)),
                ('word', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trigrams', to='blog.word')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('text', 'word'), name='trigram_once')],
            },
        ),
        migrations.RunPython(make_index, drop_index),
    ]
