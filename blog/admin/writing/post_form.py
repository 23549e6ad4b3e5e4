"""The base of the post forms: live preview, working copies, revisions and preview links."""

from django.contrib import admin
from django.forms.widgets import Script
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from blog.models import WorkingCopy
from blog.models.revisions import version_of

from .preview import Preview, describe_outcome
from .preview_links import EditPreviewLink, link_context
from .revisions import Restore, RevisionsMixin
from .working_copies import OneWorkingCopy, WorkingCopies, new_token


class WritingAdmin(RevisionsMixin, admin.ModelAdmin):
    """A form with a live preview, which saves working copies while the author types."""

    change_form_template = "admin/blog/post/change_form.html"

    class Media:
        css = {"all": ["admin-writing.css"]}
        js = [
            Script("admin-preview.js", type="module"),
            Script("admin-unsaved.js", type="module"),
            Script("admin-preview-link.js", type="module"),
        ]

    def get_urls(self):
        kind = self.opts.model_name
        restore = self.admin_site.admin_view(Restore.as_view(model_admin=self))
        logged_in = self.admin_site.admin_view(self.logged_in)
        link = self.admin_site.admin_view(EditPreviewLink.as_view(model_admin=self))
        return [
            path("<int:object_id>/preview-link/", link, name=f"blog_{kind}_preview_link"),
            path("preview/", Preview.as_view(model_admin=self), name=f"blog_{kind}_preview"),
            path("unsaved/", WorkingCopies.as_view(model_admin=self), name=f"blog_{kind}_unsaved"),
            path("unsaved/<str:token>/", OneWorkingCopy.as_view(model_admin=self), name=f"blog_{kind}_copy"),
            path("logged-in/", logged_in, name=f"blog_{kind}_logged_in"),
            path("<int:object_id>/restore/<int:revision>/", restore, name=f"blog_{kind}_restore"),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        stored = self.model.objects.get(pk=obj.pk) if obj else None
        context |= {
            "may_write": self.has_add_permission(request)
            if add
            else self.has_change_permission(request, obj),
            "is_public": stored is not None and stored.is_public,
            "outcome": describe_outcome(stored, stored.is_public) if stored else "",
            "version": form.data.get("version") or (version_of(stored) if stored else ""),
            "conflict": form.conflict,
            "copies": (form.data.getlist("copy") if form.is_bound else []) or [new_token()],
        }
        if stored and context["may_write"]:
            context |= link_context(stored)
        # The stored post, so that “View on site” works: a form with errors may hold another permalink.
        return super().render_change_form(request, context, add, change, form_url, stored)

    def save_related(self, request, form, formsets, change):
        """Delete the working copies that the saved form was filled from."""
        super().save_related(request, form, formsets, change)
        tokens = request.POST.getlist("copy")
        WorkingCopy.objects.filter(author=request.user, token__in=tokens).delete()

    def logged_in(self, request):
        """The page after logging in again from a post form, in a window of its own."""
        context = self.admin_site.each_context(request) | {"title": _("Welcome back")}
        return TemplateResponse(request, "admin/blog/post/logged_in.html", context)

    def history_view(self, request, object_id, extra_context=None):
        context = {
            "may_restore": self.has_change_permission(request),
            "restore_url": f"admin:blog_{self.opts.model_name}_restore",
        }
        return super().history_view(request, object_id, context | (extra_context or {}))
