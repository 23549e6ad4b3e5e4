"""Tags, their descriptions and their former names; series."""

from django.contrib import admin
from django.db.models import Count
from taggit.models import Tag as TaggitTag

from blog.models import PreviousTagName, Series, Tag

admin.site.unregister(TaggitTag)  # which no post here has


class PreviousNameInline(admin.TabularInline):
    model = PreviousTagName
    extra = 0


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ("name", "slug", "uses")
    search_fields = ("name", "previous_names__name")
    fields = ("name", "slug", "description")
    prepopulated_fields = {"slug": ["name"]}
    inlines = [PreviousNameInline]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number=Count("taggings"))

    @admin.display(description="posts", ordering="number")
    def uses(self, tag):
        return tag.number


@admin.register(Series)
class SeriesAdmin(admin.ModelAdmin):
    list_display = ("title", "slug", "created")
    search_fields = ("title",)
    fields = ("title", "slug", "summary")
    prepopulated_fields = {"slug": ["title"]}
