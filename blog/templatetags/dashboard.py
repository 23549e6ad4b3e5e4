"""Gives the admin's first page what `blog.authoring.dashboard` finds."""

from django import template

from blog.authoring.dashboard import desk_of

register = template.Library()


@register.simple_tag(takes_context=True)
def author_desk(context):
    return desk_of(context["request"])
