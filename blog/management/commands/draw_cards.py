"""Draw share cards that are missing or outdated: after an import, or a change of title or accent color."""

import sys

from django.core.management.base import BaseCommand
from tqdm import tqdm

from blog.models import Post, SiteSettings


class Command(BaseCommand):
    help = "Draws the share images of posts that have none or an outdated one."
    requires_migrations_checks = True

    def handle(self, **options):
        site = SiteSettings.load()
        drawn = int(site.state.draw_card(site))
        posts = Post.objects.order_by("pk").as_kinds("body", "html", "summary_html")
        for post in tqdm(posts.iterator(), total=posts.count(), file=sys.stderr, disable=None, leave=False):
            drawn += post.draw_card(site)
        self.stdout.write(f"{drawn:,} cards drawn.")
