"""Writing many posts in few queries."""

from django.db import connection

from blog.models import Post


def bulk_create_posts(posts):
    """Insert new posts of one kind that are dated, numbered and rendered: all that `save()` would do.

    Django's `bulk_create` does not know children with a table of their own. Two steps do: the rows that
    all kinds have in common, then what the kind adds to them.
    """
    common = [field.attname for field in Post._meta.concrete_fields]
    parents = [Post(**{name: getattr(post, name) for name in common}) for post in posts]
    Post.objects.bulk_create(parents)
    for post, parent in zip(posts, parents, strict=True):
        post.post_ptr = parent
        post._state.adding = False
    insert_own_columns(posts)


def insert_own_columns(posts):
    options = posts[0]._meta
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in options.local_concrete_fields)
    marks = ", ".join("%s" for _ in options.local_concrete_fields)
    rows = [
        [
            field.get_db_prep_save(getattr(post, field.attname), connection)
            for field in options.local_concrete_fields
        ]
        for post in posts
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(options.db_table)} ({columns}) VALUES ({marks})", rows)
