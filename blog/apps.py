"""The weblog application."""

from django.apps import AppConfig


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = "Weblog"

    def ready(self):
        from blog.feeds.websub import teller
        from blog.models.news import news_noted

        news_noted.connect(teller.start)
