"""Template filters and tags of the weblog."""

from django import template
from django.utils import timezone
from django.utils.formats import date_format

register = template.Library()


@register.filter
def clock(moment):
    """`9:43 pm`, and `9 am` on the hour, in the site's time zone."""
    local = timezone.localtime(moment)
    return date_format(local, "g:i A").lower().replace(":00", "")


@register.filter
def long_date(day):
    """`Saturday, 8th June 2024`"""
    return date_format(day, "l, jS F Y")


@register.simple_tag(takes_context=True)
def absolute_url(context, path):
    """The path with the scheme and host that the request came to."""
    return context["request"].build_absolute_uri(path)


@register.simple_tag(takes_context=True)
def page_url(context, number):
    """This page's address with another page number; the first page has none."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    if number > 1:
        query["page"] = number
    return f"?{query.urlencode()}" if query else context["request"].path
