"""The admin of the site settings, pages and redirects."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from blog.models import Page, Redirect, SiteSettings

from .images import TextWidget
from .lists import BoundedSearch

admin.site.site_header = _("Weblog")
admin.site.site_title = _("Weblog")
admin.site.index_title = pgettext_lazy("title of the first page", "Write")


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin):
    """A single row: the list redirects to its form."""

    fieldsets = [
        (None, {"fields": ["title", "tagline", "author_name", "links", "fediverse"]}),
        (_("Language and time"), {"fields": ["language", "time_zone"]}),
        (pgettext_lazy("appearance", "Look"), {"fields": ["accent"]}),
        (_("Foot of every page"), {"fields": ["footer", "licence"]}),
        (_("Texts"), {"fields": ["smart_punctuation", "embed_hosts"]}),
        (_("Feeds"), {"fields": ["feeds_link_out"]}),
    ]

    def save_model(self, request, site, form, change):
        super().save_model(request, site, form, change)
        if site.state.search_language != site.language:
            text = _(
                "Search still uses the language “%(code)s”. Run the command rebuild_search to switch it."
            )
            messages.warning(request, text % {"code": site.state.search_language})

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        settings = SiteSettings.load()
        return HttpResponseRedirect(reverse("admin:blog_sitesettings_change", args=[settings.pk]))


@admin.register(Page)
class PageAdmin(BoundedSearch, admin.ModelAdmin):
    list_display = ("title", "slug", "is_draft", "modified")
    search_fields = ("title", "body")
    fields = ("title", "slug", "body", "is_draft")
    prepopulated_fields = {"slug": ["title"]}

    def formfield_for_dbfield(self, field, request, **kwargs):
        if field.name == "body":
            kwargs["widget"] = TextWidget
        return super().formfield_for_dbfield(field, request, **kwargs)

    def view_on_site(self, obj):
        return obj.get_absolute_url()


@admin.register(Redirect)
class RedirectAdmin(BoundedSearch, admin.ModelAdmin):
    list_display = ("domain", "path", "target", "created")
    list_filter = ("domain",)
    search_fields = ("path", "target")
