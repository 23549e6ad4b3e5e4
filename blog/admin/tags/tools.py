"""Base classes of the tag tools: pages of the admin besides its lists and forms."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.views.generic import TemplateView


class Tool(TemplateView):
    """A page of a model's admin, for users who may change that model."""

    model_admin = None
    title = ""

    def dispatch(self, request, *args, **kwargs):
        if not self.model_admin.has_change_permission(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        site = self.model_admin.admin_site.each_context(self.request)
        return context | site | {"title": self.title, "opts": self.model_admin.opts}


class RowsField(forms.ModelMultipleChoiceField):
    """Rows by id. Rejects ids longer than 18 digits, which overflow the databases' integers."""

    def clean(self, value):
        for pk in value or ():
            if len(pk) > 18:
                raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": pk})
        return super().clean(value)
