"""The weblog application."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = "Weblog"

    def ready(self):
        from . import editions

        post_migrate.connect(editions.install_triggers, sender=self)
