"""Template tags for the capture form: the bookmarklet, and whether to offer it."""

import json
from urllib.parse import quote

from django import template
from django.template.loader import render_to_string
from django.urls import reverse

from blog.authoring.capture import kinds_for

register = template.Library()

#: What may stand in an address as it is; the fewer of these, the safer in whatever keeps bookmarks.
AS_IT_IS = "/:=?&;,()[]{}+-*!$'.@_~"


@register.simple_tag(takes_context=True)
def bookmarklet(context):
    """A `javascript:` address that opens the capture form of this very site."""
    form = context["request"].build_absolute_uri(reverse("capture:form"))
    source = render_to_string(
        "admin/blog/capture/bookmarklet.js", {"form_address": json.dumps(form).replace("<", "\\u003c")}
    )
    lines = (line.strip() for line in source.splitlines())
    code = " ".join(line for line in lines if line and not line.startswith("//"))
    return f"javascript:{quote(code, safe=AS_IT_IS)}"


@register.simple_tag(takes_context=True)
def can_capture(context):
    return bool(kinds_for(context["request"].user))
