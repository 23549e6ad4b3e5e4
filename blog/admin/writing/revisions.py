"""Revisions: recorded with each save, shown in the history, restored, and checked for edit conflicts."""

from itertools import pairwise

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views import View

from blog.models import Revision, SiteState, Tag
from blog.models.revisions import author_fields, snapshot, version_of
from blog.strings.differences import as_text, changed_fields

REVISIONS_PER_PAGE = 20


def field_labels(kind):
    return {field.name: capfirst(field.verbose_name) for field in author_fields(kind)} | {"tags": _("Tags")}


def with_names(kind, snapshots):
    """Return the snapshots with names instead of ids of authors and series. Runs a query for each of both."""
    named = [dict(fields) for fields in snapshots]
    for relation in (field for field in author_fields(kind) if field.is_relation):
        ids = {fields[relation.name] for fields in named if fields.get(relation.name)}
        found = relation.related_model._default_manager.in_bulk(ids)
        for fields in named:
            if pk := fields.get(relation.name):
                fields[relation.name] = str(found.get(pk, pk))
    return named


def formatted_time(revision):
    return date_format(localtime(revision.created), "DATETIME_FORMAT")


class Conflict:
    """The post was saved by somebody else after the form was opened."""

    def __init__(self, stored, version):
        self.theirs = snapshot(stored)
        self.version = version
        latest = Revision.objects.filter(post=stored.pk).select_related("author").last()
        self.revision = latest if latest and latest.fields == self.theirs else None

    def message(self):
        advice = _(
            "Your text is still in the form, and the saved version is shown above it. "
            "Copy what you want to keep, then save."
        )
        return f"{self.what_happened()} {advice}"

    def what_happened(self):
        if not self.revision:
            return _("Somebody changed this post while you were writing.")
        values = {"author": self.revision.author, "when": formatted_time(self.revision)}
        if not self.revision.author:
            return _("This post was changed (%(when)s) while you were writing.") % values
        return _("%(author)s changed this post (%(when)s) while you were writing.") % values

    def compare(self, mine, kind):
        """Set `changes`, the differences between their fields and mine, and `in_full`, all of theirs."""
        names = field_labels(kind)
        theirs, mine = with_names(kind, [self.theirs, mine])
        self.changes = changed_fields(theirs, mine, names)
        self.in_full = [(names[name], as_text(value)) for name, value in theirs.items() if value]


class VersionedForm(forms.ModelForm):
    """Carries the version it was opened with, and reports a conflict if another one has been saved since."""

    conflict = None

    def clean(self):
        cleaned = super().clean()
        for name, value in cleaned.items():
            if isinstance(value, str):  # browsers send CRLF, which would count as a change
                cleaned[name] = value.replace("\r\n", "\n")
        if self.instance.pk and cleaned.get("tags"):
            cleaned["tags"] = self.follow_renames(cleaned["tags"])
        opened_with = self.data.get("version")
        if self.instance.pk and opened_with:
            version = version_of(self.instance)
            if version not in {opened_with, self.data.get("_overwrite")}:
                self.conflict = Conflict(self.instance, version)
                self.add_error(None, forms.ValidationError(self.conflict.message(), code="conflict"))
        return cleaned

    def follow_renames(self, names):
        """Use the current names of the post's own tags that were renamed after the form was opened."""
        current = Tag.objects.current_names(names)
        own = set(self.instance.tags.names()) if current else set()
        return sorted({current[name] if current.get(name) in own else name for name in names})

    def _post_clean(self):
        super()._post_clean()
        if self.conflict:
            tags = self.cleaned_data.get("tags")
            self.conflict.compare(snapshot(self.instance, tags), type(self.instance))


class RevisionsMixin:
    """For a ModelAdmin of posts."""

    object_history_template = "admin/blog/post/history.html"

    def get_object(self, request, object_id, from_field=None):
        """Lock before a save, so that nobody can save between the version check and the write."""
        if request.method == "POST" and object_id.isdecimal():
            SiteState.lock()
        return super().get_object(request, object_id, from_field)

    def save_form(self, request, form, change):
        if change:
            Revision.record_former(self.model.objects.get(pk=form.instance.pk))
        return super().save_form(request, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        Revision.record(form.instance, request.user)

    def history_view(self, request, object_id, extra_context=None):
        pk = object_id if object_id.isdecimal() else None
        revisions = Revision.objects.filter(post=pk).order_by("-pk").select_related("author")
        page = Paginator(revisions, REVISIONS_PER_PAGE).get_page(request.GET.get("revisions"))
        before = revisions.filter(pk__lt=page.object_list[len(page.object_list) - 1].pk)[:1] if page else []
        names = field_labels(self.model)
        shown = [*page.object_list, *before]
        fields = with_names(self.model, [revision.fields for revision in shown])
        changes = pairwise([*fields, *([] if before else [{}])])
        rows = [
            {"revision": revision, "changes": changed_fields(old, new, names)}
            for revision, (new, old) in zip(page.object_list, changes, strict=True)
        ]
        context = {"revisions": rows, "revision_pages": page}
        return super().history_view(request, object_id, context | (extra_context or {}))


class Restore(View):
    """Restores a post to a revision, as a new save."""

    model_admin = None

    def post(self, request, object_id, revision):
        revision = get_object_or_404(Revision, pk=revision, post=object_id, post__kind=self.kind)
        if not self.model_admin.has_change_permission(request, revision.post):
            raise PermissionDenied
        post = revision.restore(request.user)
        when = {"when": formatted_time(revision)}
        self.model_admin.log_change(request, post, _("Restored the version of %(when)s.") % when)
        messages.success(request, _("The version of %(when)s has been restored.") % when)
        return HttpResponseRedirect(reverse(f"admin:blog_{self.kind}_change", args=[object_id]))

    @property
    def kind(self):
        return self.model_admin.opts.model_name
