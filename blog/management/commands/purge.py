"""Has the cache in front of the weblog forget everything."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from blog.caching.affected_pages import EVERYTHING
from blog.models import Purge


class Command(BaseCommand):
    help = "Has the cache that VARNISH_URL or CLOUDFLARE_ZONE names forget everything."
    requires_migrations_checks = True

    def handle(self, **options):
        if not settings.PURGER:
            raise CommandError("There is none: set VARNISH_URL or CLOUDFLARE_ZONE.")
        Purge.enqueue({EVERYTHING})
        self.stdout.write("The running weblog tells it within a second.")
