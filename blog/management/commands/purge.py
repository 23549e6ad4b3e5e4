"""Purge everything from the cache in front of the weblog."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from blog.caching.affected_pages import EVERYTHING
from blog.models import Purge


class Command(BaseCommand):
    help = "Purges everything from the cache that VARNISH_URL or CLOUDFLARE_ZONE names."
    requires_migrations_checks = True

    def handle(self, **options):
        if not settings.PURGER:
            raise CommandError("No cache to purge: set VARNISH_URL or CLOUDFLARE_ZONE.")
        Purge.enqueue({EVERYTHING})
        self.stdout.write("The running weblog will send the purge within a second.")
