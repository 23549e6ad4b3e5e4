"""Filters, bounded search and pagination for the admin's lists, and the lists of users and groups."""

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.models import Post, Tag, Tagging
from blog.models.authors import store_authors
from blog.search.query import MAX_QUERY_LENGTH

MAX_TAGS = 25
MAX_YEARS = 100
#: A list counts and pages through this many posts at most. Filters and search reach the others.
MAX_LISTED = 1000


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        kinds = model_admin.viewable_kinds(request)
        return [(name, capfirst(Post.kinds()[name].label_plural)) for name in kinds]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


class TagFilter(admin.SimpleListFilter):
    """Offers the most used tags. The query parameter takes any tag's slug."""

    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request, model_admin):
        used = Tag.objects.filter(uses__gt=0).order_by("-uses", "name")
        return list(used.values_list("slug", "name")[:MAX_TAGS])

    def queryset(self, request, queryset):
        """The newest `MAX_LISTED` posts with the tag, read from the index on taggings."""
        if not self.value():
            return queryset
        tagged = Tagging.objects.filter(tag__in=Tag.objects.filter(slug=self.value())[:1])
        tagged = tagged.order_by(F("published").desc(nulls_first=True), "-content_object")
        newest = list(tagged.values_list("content_object", flat=True)[:MAX_LISTED])
        return queryset.filter(pk__in=newest)


class YearFilter(admin.SimpleListFilter):
    title = _("year")
    parameter_name = "year"

    def lookups(self, request, model_admin):
        return [(year, year) for year in sorted(request.site.state.counts_by_year, reverse=True)[:MAX_YEARS]]

    def queryset(self, request, queryset):
        year = self.value() or ""
        return queryset.filter(day__year=int(year)) if is_year(year) else queryset


def is_year(text):
    return text.isascii() and text.isdigit() and len(text) == 4 and text != "0000"


class BoundedSearch:
    """Rejects search terms longer than the public search allows, which can make SQLite fail."""

    def changelist_view(self, request, extra_context=None):
        if len(request.GET.get("q", "")) > MAX_QUERY_LENGTH:
            text = gettext("The search term is too long. The limit is %(number)d characters.")
            messages.error(request, text % {"number": MAX_QUERY_LENGTH})
            return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)


class NewestPaginator(Paginator):
    """Counts no more than `MAX_LISTED` rows, so that a list costs the same however many posts there are."""

    @cached_property
    def count(self):
        return self.object_list.order_by()[:MAX_LISTED].count()


admin.site.unregister([User, Group])


@admin.register(User)
class UserAdmin(BoundedSearch, DjangoUserAdmin):
    """Updates the author names stored for public pages when accounts change."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        store_authors(Post.objects.published())

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        store_authors(Post.objects.published())

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        store_authors(Post.objects.published())


@admin.register(Group)
class GroupAdmin(BoundedSearch, DjangoGroupAdmin):
    pass
