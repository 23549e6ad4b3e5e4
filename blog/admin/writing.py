"""What helps an author to write, for the forms of all kinds of posts: a preview."""

from django.contrib import admin
from django.forms.widgets import Script
from django.urls import path

from .preview import Preview, outcome


class WritingAdmin(admin.ModelAdmin):
    """A form that shows what it makes."""

    change_form_template = "admin/blog/post/change_form.html"

    class Media:
        css = {"all": ["admin-writing.css"]}
        js = [Script("admin-preview.js", type="module")]

    def get_urls(self):
        kind = self.opts.model_name
        return [
            path("preview/", Preview.as_view(model_admin=self), name=f"blog_{kind}_preview"),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        may_write = self.has_add_permission(request) if add else self.has_change_permission(request, obj)
        context |= {"may_write": may_write, "outcome": outcome(obj) if obj else ""}
        return super().render_change_form(request, context, add, change, form_url, obj)
