"""Pictures of numbers: calendars, clouds of tags, and what `blog.timeline.charts` draws."""

from functools import lru_cache
from html import escape
from itertools import groupby
from math import log

from django import template
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from blog.paths import path_to
from blog.timeline.calendar import MAX_CACHED_YEARS
from blog.timeline.charts import Sparkline, YearBars

from .blog import with_commas

register = template.Library()

CLOUD_SIZES = 6


@register.filter
def cloud(tags):
    """The tags from A to Z, each with a size from 1 for the least used to 6 for the most, by logarithm."""
    weights = [log(tag.uses) for tag in tags]
    least, most = min(weights, default=0), max(weights, default=0)
    for tag in sorted(tags, key=lambda tag: tag.name.casefold()):
        yield tag, 1 + round((CLOUD_SIZES - 1) * (log(tag.uses) - least) / (most - least or 1))


@register.filter
def by_letter(sized_tags):
    """The tags of such a cloud under the letters of an index: [(letter, [(tag, size)])]."""
    groups = groupby(sized_tags, lambda sized: initial(sized[0].name))
    return [(letter, list(group)) for letter, group in groups]


def initial(name):
    """What a name is filed under in an index: its first letter, or `#` where that is none."""
    return name[0].upper() if name[:1].isalpha() else "#"


@register.simple_tag
def cloud_items(sized_tags):
    """Tags with their sizes as items of a list. Those used most have a small picture of when they were."""
    return mark_safe("".join(cloud_item(tag, size) for tag, size in sized_tags))


def cloud_item(tag, size):
    is_large = size > CLOUD_SIZES / 2
    chart = sparkline(tag.counts_by_year) if is_large else None
    picture = render_to_string("blog/includes/sparkline.html", chart) if chart else ""
    picture = picture.strip()  # no space before it, where a line could break
    size_class = f' class="size-{size}"' if size > 1 else ""
    return (
        f'<li{size_class}><a rel="tag" href="{path_to("tag", tag.slug)}">{escape(tag.name)}</a>&nbsp;'
        f'<small class="count">{with_commas(get_language(), tag.uses)}</small>{picture}</li>'
    )


@register.simple_tag
def calendar_weeks(calendar):
    """The rows of a month's calendar: what was posted on a day is said where its link is pointed at."""
    rows = ("".join(map(calendar_cell, week)) for week in calendar.weeks())
    return mark_safe("\n".join(f"<tr>{row}</tr>" for row in rows))


def calendar_cell(cell):
    if not cell:
        return "<td></td>"
    number = cell["day"].day
    if not cell["shade"]:
        return f"<td>{number}</td>"
    current = ' aria-current="page"' if cell["is_current"] else ""
    return (
        f'<td><a class="shade-{cell["shade"]}" href="{path_to("day", cell["day"])}" '
        f'title="{escape(str(cell["tally"]))}"{current}>{number}</a></td>'
    )


@register.simple_tag
def year_picture(template, year):
    """What that template draws of the year (`whole`). Remembered, as the year itself is."""
    return drawn_year(get_template(template).template, year)


@lru_cache(maxsize=2 * MAX_CACHED_YEARS)
def drawn_year(template, year):
    return template.render(Context({"whole": year}))


@register.simple_tag
def day_squares(days):
    """The days of a year with posts, as `Year.days()` places them: up to 366 links in a picture.

    Only the name is written by people. The rest of a day are numbers, and a path which is made of such.
    """
    squares = (
        f'<a href="{day["path"]}" tabindex="-1"><title>{escape(day["name"])}</title>'
        f'<rect class="shade-{day["shade"]}" x="{day["x"]}" y="{day["y"]}" '
        'width="10" height="10" rx="2" /></a>'
        for day in days
    )
    return mark_safe("".join(squares))


@register.simple_tag
def bars(chart):
    """The bars of a picture of numbers, one <rect> each; with a label it says it where it is pointed at.

    Only a label could be written by people: the rest are numbers.
    """
    rects = (
        f'<rect class="part-{bar.get("part", 1)}" x="{bar["x"]}" y="{bar["y"]}" '
        f'width="{bar["width"]}" height="{bar["height"]}">{bar_title(bar)}</rect>'
        for bar in chart
    )
    return mark_safe("\n".join(rects))


def bar_title(bar):
    return f"<title>{escape(str(bar['label']))}: {bar['number']}</title>" if "label" in bar else ""


@register.inclusion_tag("blog/includes/sparkline.html")
def sparkline(by_year):
    """The use over the years as a small line; nothing for a single year."""
    return {"sparkline": Sparkline(by_year)}


@register.inclusion_tag("blog/includes/use_by_year.html")
def use_by_year(by_year):
    """The same in bars that say how many there were."""
    return {"use": YearBars(by_year)}
