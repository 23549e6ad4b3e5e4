"""The weblog application."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = _("Weblog")

    def ready(self):
        from blog.caching import triggers
        from blog.database import connections
        from blog.feeds.websub import ping_thread
        from blog.models.outbox import ping_queued

        connection_created.connect(connections.configure_session)
        pre_migrate.connect(triggers.remove_triggers, sender=self)
        post_migrate.connect(triggers.install_triggers, sender=self)
        ping_queued.connect(ping_thread.start)
