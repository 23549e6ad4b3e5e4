"""Purge everything from the caches."""

from django.core.management.base import BaseCommand

from blog.caching import triggers


class Command(BaseCommand):
    help = "Drops everything from the response cache, and purges the cache in front, if there is one."
    requires_migrations_checks = True

    def handle(self, **options):
        triggers.note_everything()
        self.stdout.write(
            "Done. The running weblog purges the cache in front within a second, if there is one."
        )
