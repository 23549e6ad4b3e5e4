"""Gives the admin's first page what `blog.admin.desk` finds."""

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def author_desk(context):
    from blog.admin.desk import desk_of  # here, since the admin registers its models when it is imported

    return desk_of(context["request"])
