"""Rebuild all search data: after restoring a backup, or a change of what is indexed or of the language."""

import sys

from django.core.management.base import BaseCommand
from django.db import transaction
from tqdm import tqdm

from blog.models import LinkedHost, LinkedUrl, Post, SearchDocument, SiteSettings, SiteState, Tag, Word
from blog.search.results import rebuild_index

BATCH = 200


class Command(BaseCommand):
    help = "Rebuilds the search documents, links and vocabulary of all posts, batch by batch."
    requires_migrations_checks = True

    def handle(self, **options):
        self.language = SiteSettings.load().language
        # First, so that posts saved meanwhile are indexed in the new language too.
        SiteState.objects.update(search_language=self.language)
        # Before any row: FTS5 can replace a row only if the index holds its present content.
        rebuild_index()
        Word.objects.all().delete()
        number = sum(self.rebuild_kind(kind) for kind in Post.kinds().values())
        names = list(Tag.objects.public().values_list("name", flat=True))
        for start in range(0, len(names), BATCH):
            Word.learn(*names[start : start + BATCH])
        self.stdout.write(
            f"{number:,} posts indexed, {LinkedHost.objects.count():,} linked hosts, "
            f"{Word.objects.count():,} words."
        )

    def rebuild_kind(self, kind):
        # disable=None: no progress bar without a terminal
        with tqdm(total=kind.objects.count(), file=sys.stderr, disable=None, leave=False) as progress:
            number, last = 0, 0
            while posts := self.rebuild_batch(kind, last):
                number, last = number + len(posts), posts[-1].pk
                progress.update(len(posts))
        return number

    @transaction.atomic
    def rebuild_batch(self, kind, last):
        """Write the posts that follow the id `last`, locked so that nobody saves them meanwhile."""
        SiteState.lock()
        posts = list(kind.objects.select_for_update().filter(pk__gt=last).order_by("pk")[:BATCH])
        ids = [post.pk for post in posts]
        SearchDocument.objects.bulk_create(
            (SearchDocument.for_post(post, self.language) for post in posts),
            update_conflicts=True,
            unique_fields=["post"],
            update_fields=["title", "body", "by", "text", "month"],
        )
        SearchDocument.sync_tags(ids)
        LinkedHost.objects.filter(post__in=ids).delete()
        LinkedHost.objects.bulk_create(row for post in posts for row in LinkedHost.for_post(post))
        LinkedUrl.objects.filter(post__in=ids).delete()
        LinkedUrl.objects.bulk_create(row for post in posts for row in LinkedUrl.for_post(post))
        Word.learn(*(text for post in posts if post.is_counted for text in (post.headline, post.title)))
        return posts
