"""The model of the extra kind."""

from django.db import models
from django.utils.translation import ngettext_lazy

from blog.models import Post
from blog.models.post_kind import CaptureRules


class Recipe(Post):
    """A recipe with its ingredients."""

    listing, feed, short = "recipes", "recipes", "r"
    count_label = ngettext_lazy("%(shown)s recipe", "%(shown)s recipes", "number")
    content_fields = (*Post.content_fields, "ingredients")
    capture_rules = CaptureRules(fields={"title": "title", "body": "text"}, required=("title",))

    ingredients = models.CharField(max_length=200)

    class Meta:
        app_label = "blog"
        verbose_name = "recipe"
        verbose_name_plural = "recipes"

    def headline_text(self):
        return self.title
