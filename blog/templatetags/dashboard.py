"""The author's dashboard, for the admin's index page."""

from django import template

from blog.authoring.dashboard import dashboard_for

register = template.Library()


@register.simple_tag(takes_context=True)
def author_dashboard(context):
    return dashboard_for(context["request"])
