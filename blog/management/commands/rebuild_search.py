"""Writes again everything that search knows: after a restored backup, or a change of what is indexed."""

import sys

from django.core.management.base import BaseCommand
from django.db import transaction
from tqdm import tqdm

from blog.models import Link, LinkedUrl, Post, SearchDocument, SiteSettings, SiteState, Tag, Word
from blog.search.results import rebuild_index

BATCH = 200


class Command(BaseCommand):
    help = "Writes the search documents, the links and the vocabulary of all posts again, batch by batch."
    requires_migrations_checks = True

    def handle(self, **options):
        self.language = SiteSettings.load().language
        # First: what is saved meanwhile is written in the new language, too.
        SiteState.objects.update(search_language=self.language)
        # First: a row can only be replaced in an index that has what the row says.
        rebuild_index()
        Word.objects.all().delete()
        number = sum(self.write_all(kind) for kind in Post.kinds().values())
        names = list(Tag.objects.public().values_list("name", flat=True))
        for start in range(0, len(names), BATCH):
            Word.learn(*names[start : start + BATCH])
        self.stdout.write(
            f"{number:,} posts indexed, {Link.objects.count():,} links, {Word.objects.count():,} words."
        )

    def write_all(self, kind):
        # Without a terminal there is no progress bar.
        with tqdm(total=kind.objects.count(), file=sys.stderr, disable=None, leave=False) as progress:
            number, last = 0, 0
            while posts := self.write_batch(kind, last):
                number, last = number + len(posts), posts[-1].pk
                progress.update(len(posts))
        return number

    @transaction.atomic
    def write_batch(self, kind, last):
        """Of the posts after the id `last`. They are locked, so that nobody saves them meanwhile."""
        posts = list(kind.objects.select_for_update().filter(pk__gt=last).order_by("pk")[:BATCH])
        ids = [post.pk for post in posts]
        SearchDocument.objects.bulk_create(
            (SearchDocument.for_post(post, self.language) for post in posts),
            update_conflicts=True,
            unique_fields=["post"],
            update_fields=["title", "body", "by", "text", "month"],
        )
        SearchDocument.sync_tags(ids)
        Link.objects.filter(post__in=ids).delete()
        Link.objects.bulk_create(link for post in posts for link in Link.for_post(post))
        LinkedUrl.objects.filter(post__in=ids).delete()
        LinkedUrl.objects.bulk_create(row for post in posts for row in LinkedUrl.for_post(post))
        Word.learn(*(text for post in posts if post.is_counted for text in (post.headline, post.title)))
        return posts
