"""What lists of posts can be narrowed by, beside their state."""

from django.contrib import admin
from django.db.models import Max, Min
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from blog.models import Post, Tag

MOST_TAGS = 25
MOST_YEARS = 100


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        kinds = model_admin.kinds_to_view(request)
        return [(name, capfirst(Post.kinds()[name].label_plural)) for name in kinds]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


class TagFilter(admin.SimpleListFilter):
    """Offers the tags most used; the address takes any tag's slug."""

    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request, model_admin):
        used = Tag.objects.filter(uses__gt=0).order_by("-uses", "name")
        return list(used.values_list("slug", "name")[:MOST_TAGS])

    def queryset(self, request, queryset):
        return queryset.filter(taggings__tag__slug=self.value()) if self.value() else queryset


class YearFilter(admin.SimpleListFilter):
    title = _("year")
    parameter_name = "year"

    def lookups(self, request, model_admin):
        days = model_admin.model.objects.aggregate(first=Min("day"), last=Max("day"))
        if not days["first"]:
            return []
        years = range(days["last"].year, days["first"].year - 1, -1)
        return [(str(year), str(year)) for year in years[:MOST_YEARS]]

    def queryset(self, request, queryset):
        year = self.value() or ""
        return queryset.filter(day__year=int(year)) if is_year(year) else queryset


def is_year(text):
    return text.isascii() and text.isdigit() and len(text) == 4 and text != "0000"
