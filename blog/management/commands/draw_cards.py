"""Draws the cards that are missing or old: after an import, or a change of the title or the accent."""

import sys

from django.core.management.base import BaseCommand
from tqdm import tqdm

from blog.models import Post, SiteSettings


class Command(BaseCommand):
    help = "Draws the pictures that stand for posts where they are shared, where they are missing or old."
    requires_migrations_checks = True

    def handle(self, **options):
        site = SiteSettings.load()
        drawn = int(site.state.draw_card(site))
        posts = Post.objects.order_by("pk").as_kinds("body", "html", "summary_html")
        for post in tqdm(posts.iterator(), total=posts.count(), file=sys.stderr, disable=None, leave=False):
            drawn += post.draw_card(site)
        self.stdout.write(f"{drawn:,} cards drawn")
