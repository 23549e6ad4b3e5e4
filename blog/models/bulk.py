"""Writing many posts with few queries."""

from collections import Counter, defaultdict

from django.apps import apps
from django.db import connection
from django.utils import timezone

from blog.database.bulk_insert import allocate_ids, insert_rows

from . import Day, LinkedHost, LinkedUrl, Post, SearchDocument, SiteState, Tag, Tagging, Word
from .authors import store_authors


def bulk_create_posts(posts):
    """Insert new posts of one kind, which already are dated, numbered and rendered as by `save()`.

    Django's `bulk_create()` doesn't support models that inherit from another table. This inserts the rows of
    the parent table first, then those of the kind.
    """
    now = timezone.now()
    for post, pk in zip(posts, allocate_ids(Post, len(posts)), strict=True):
        post.id = post.pk = pk
        post.is_counted, post.modified = post.is_public, now
        post._state.adding = False
    insert_rows(Post, map(vars, posts))
    insert_rows(type(posts[0]), map(vars, posts))


def index_posts(posts, language):
    """Update what is derived from posts, for new posts that have their tags already.

    That is: counts, days, authors, linked hosts and URLs, the search index and the time of the next release.
    """
    names, uses = defaultdict(list), Counter()
    taggings = Tagging.objects.filter(content_object__in=[post.pk for post in posts])
    public_years = {post.pk: post.day.year for post in posts if post.is_counted}
    for post, tag, name in taggings.values_list("content_object", "tag", "tag__name"):
        names[post].append(name)
        if post in public_years:
            uses[tag, public_years[post]] += 1
    Tag.objects.adjust_counts(uses)
    SiteState.adjust_counts(Counter((post.day.year, post.kind) for post in posts if post.is_counted))
    Day.recompute(Post.objects, {post.day for post in posts if post.is_counted})
    if any(post.author_id for post in posts if post.is_counted):
        store_authors(Post.objects.published())
    SearchDocument.objects.bulk_create(
        SearchDocument.for_post(post, language, sorted(names[post.pk])) for post in posts
    )
    LinkedHost.objects.bulk_create(row for post in posts for row in LinkedHost.for_post(post))
    LinkedUrl.objects.bulk_create(row for post in posts for row in LinkedUrl.for_post(post))
    Word.learn(*(text for post in posts if post.is_counted for text in (post.headline, post.title)))
    for post in posts:
        if not post.is_counted and not post.is_draft:
            SiteState.schedule_release(post.published)


def analyze_tables():
    """Update the statistics of the query planner, which may scan whole tables for a few rows without them.

    Only analyzes the tables of the weblog: others would delay whoever else does this on the same server.
    """
    models = {*apps.get_app_config("blog").get_models(), *Post.kinds().values()}
    with connection.cursor() as cursor:
        for table in sorted(connection.ops.quote_name(model._meta.db_table) for model in models):
            cursor.execute(f"ANALYZE {table}")
