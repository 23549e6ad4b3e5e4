"""The tag cloud, and the charts that `blog.timeline.charts` and `blog.timeline.calendar` compute."""

from itertools import groupby
from math import log

from django import template
from django.template.loader import render_to_string

from blog.timeline.charts import Sparkline, YearBars

register = template.Library()

CLOUD_SIZES = 6


@register.filter
def cloud(tags):
    """Pairs of tag and size in alphabetical order. Sizes, from 1 to 6, follow the logarithm of the uses."""
    weights = [log(tag.uses) for tag in tags]
    lowest, highest = min(weights, default=0), max(weights, default=0)
    for tag in sorted(tags, key=lambda tag: tag.name.casefold()):
        yield tag, 1 + round((CLOUD_SIZES - 1) * (log(tag.uses) - lowest) / (highest - lowest or 1))


@register.filter
def by_letter(sized_tags):
    """Group the pairs of a tag cloud by index letter: [(letter, [(tag, size)])]."""
    groups = groupby(sized_tags, lambda sized: index_letter(sized[0].name))
    return [(letter, list(group)) for letter, group in groups]


def index_letter(name):
    """The letter under which an index lists the name; `#` for digits and symbols."""
    return name[0].upper() if name[:1].isalpha() else "#"


@register.simple_tag
def year_chart(template, year):
    """Render the template for a `Year` (as `calendar`)."""
    return render_to_string(template, {"calendar": year})


@register.inclusion_tag("blog/includes/sparkline.html")
def sparkline(by_year):
    """A small line of posts by year; empty for a single year."""
    return {"sparkline": Sparkline(by_year)}


@register.inclusion_tag("blog/includes/use_by_year.html")
def use_by_year(by_year):
    """A bar chart of posts by year, with its range and maximum in a caption."""
    return {"use": YearBars(by_year)}
