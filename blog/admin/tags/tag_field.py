"""The tags field: comma-separated text that a script shows as chips, with autocompletion."""

from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.http import JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from taggit import forms as taggit

from blog.admin.endpoints import Endpoint
from blog.strings import tag_names
from blog.timeline.by_tag import completions

MAX_TAGS = 100


class TagWidget(taggit.TagWidget):
    class Media:
        css = {"all": ["admin-tags.css"]}
        js = [Script("admin-tags.js", type="module")]

    def get_context(self, name, value, attrs):
        attrs = {"data-tag-suggestions": reverse("admin:blog_tag_suggestions"), **(attrs or {})}
        return super().get_context(name, value, attrs)


class TagField(taggit.TagField):
    widget = TagWidget

    def clean(self, value):
        """Return the sorted names. Raises ValidationError with a message for each invalid one."""
        names = super().clean(value)
        errors = [error for name in names if (error := name_error(name))]
        if len(names) > MAX_TAGS:
            text = _("A post can have at most %(limit)d tags; this one has %(number)d.")
            errors.append(ValidationError(text % {"limit": MAX_TAGS, "number": len(names)}))
        if errors:
            raise ValidationError(errors)
        return names


def name_error(name):
    try:
        tag_names.validate(name)
    except ValidationError as error:
        return error
    return None


class TagSuggestions(Endpoint):
    """Returns the tags that complete the text typed so far."""

    def get(self, request):
        tags = completions(request.GET.get("q", ""))
        return JsonResponse({"tags": [{"name": tag.name, "uses": tag.uses} for tag in tags]})
