"""The admin of the extra kind."""

from django.contrib import admin

from blog.admin.posts import PostAdmin
from tests.extra_kind.models import Recipe


@admin.register(Recipe)
class RecipeAdmin(PostAdmin):
    own_fields = ("title", "ingredients", "body")
    required_fields = ("title",)
