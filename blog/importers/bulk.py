"""Writing many posts in few queries."""

from collections import Counter, defaultdict

from django.apps import apps
from django.db import connection

from blog.models import Link, LinkedAddress, Post, SearchDocument, SiteSettings, Tag, Tagging, Word

ROWS = 100


def bulk_create_posts(posts):
    """Insert new posts of one kind that are dated, numbered and rendered: all that `save()` would do.

    Django's `bulk_create` does not know children with a table of their own. Two steps do: the rows that
    all kinds have in common, then what the kind adds to them.
    """
    for post in posts:
        post.is_counted = post.is_public
    common = [field.attname for field in Post._meta.concrete_fields]
    parents = [Post(**{name: getattr(post, name) for name in common}) for post in posts]
    Post.objects.bulk_create(parents)
    for post, parent in zip(posts, parents, strict=True):
        post.post_ptr = parent
        post._state.adding = False
    insert_own_columns(posts)


def insert_own_columns(posts):
    """A statement for each `ROWS`: on PostgreSQL the triggers of `blog.editions` run once for each."""
    options = posts[0]._meta
    quote = connection.ops.quote_name
    fields = options.local_concrete_fields
    columns = ", ".join(quote(field.column) for field in fields)
    marks = f"({', '.join('%s' for _ in fields)})"
    with connection.cursor() as cursor:
        for start in range(0, len(posts), ROWS):
            some = posts[start : start + ROWS]
            values = [
                field.get_db_prep_save(getattr(post, field.attname), connection)
                for post in some
                for field in fields
            ]
            rows = ", ".join([marks] * len(some))
            cursor.execute(f"INSERT INTO {quote(options.db_table)} ({columns}) VALUES {rows}", values)


def index_posts(posts, language):
    """Tell search, the tags' numbers and the clock of posts that are new, with their tags."""
    names, uses = defaultdict(list), Counter()
    taggings = Tagging.objects.filter(content_object__in=[post.pk for post in posts])
    public_years = {post.pk: post.day.year for post in posts if post.is_counted}
    for post, tag, name in taggings.values_list("content_object", "tag", "tag__name"):
        names[post].append(name)
        if post in public_years:
            uses[tag, public_years[post]] += 1
    Tag.objects.adjust(uses)
    SiteSettings.adjust(Counter((post.day.year, post.kind) for post in posts if post.is_counted))
    SearchDocument.objects.bulk_create(
        SearchDocument.of(post, language, sorted(names[post.pk])) for post in posts
    )
    Link.objects.bulk_create(link for post in posts for link in Link.of(post))
    LinkedAddress.objects.bulk_create(row for post in posts for row in LinkedAddress.of(post))
    Word.learn(*(text for post in posts if post.is_counted for text in (post.headline, post.title)))
    for post in posts:
        if not post.is_counted and not post.is_draft:
            SiteSettings.expect(post.published)


def gather_statistics():
    """Tell the database how much there is of what: until then it may read whole tables for a few rows.

    The tables of the weblog alone: others hold up whoever else does this on the same server.
    """
    models = {*apps.get_app_config("blog").get_models(), *Post.kinds().values()}
    with connection.cursor() as cursor:
        for table in sorted(connection.ops.quote_name(model._meta.db_table) for model in models):
            cursor.execute(f"ANALYZE {table}")
