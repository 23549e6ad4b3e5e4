"""The field for tags: text with commas, which a script shows as chips, and the names it suggests."""

from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.http import JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from taggit import forms as taggit

from blog.admin.endpoints import Endpoint
from blog.strings import tag_names
from blog.timeline.by_tag import completions

MOST_NAMES = 100


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
        """The names, sorted. Raises ValidationError for those that cannot work, with a sentence for each."""
        names = super().clean(value)
        problems = [problem for name in names if (problem := problem_with(name))]
        if len(names) > MOST_NAMES:
            text = _("These are %(number)d tags; there can be %(most)d.")
            problems.append(ValidationError(text % {"number": len(names), "most": MOST_NAMES}))
        if problems:
            raise ValidationError(problems)
        return names


def problem_with(name):
    try:
        tag_names.validate(name)
    except ValidationError as error:
        return error
    return None


class TagSuggestions(Endpoint):
    """The tags that an author may be typing, as JSON."""

    def get(self, request):
        tags = completions(request.GET.get("q", ""))
        return JsonResponse({"tags": [{"name": tag.name, "uses": tag.uses} for tag in tags]})
