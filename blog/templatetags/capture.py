"""Template tags for the capture form: the bookmarklet, and whether to offer it."""

import json
from urllib.parse import quote

from django import template
from django.template.loader import render_to_string
from django.urls import reverse

from blog.authoring.capture import kinds_for

register = template.Library()

#: Characters left unquoted. The fewer they are, the less a browser or bookmark manager can garble.
SAFE_CHARACTERS = "/:=?&;,()[]{}+-*!$'.@_~"


@register.simple_tag(takes_context=True)
def bookmarklet(context):
    """A `javascript:` URL that opens this site's capture form."""
    form = context["request"].build_absolute_uri(reverse("capture:form"))
    source = render_to_string(
        "admin/blog/capture/bookmarklet.js", {"form_address": json.dumps(form).replace("<", "\\u003c")}
    )
    lines = (line.strip() for line in source.splitlines())
    code = " ".join(line for line in lines if line and not line.startswith("//"))
    return f"javascript:{quote(code, safe=SAFE_CHARACTERS)}"


@register.simple_tag(takes_context=True)
def can_capture(context):
    return bool(kinds_for(context["request"].user))
