"""Template filters and tags of the weblog."""

import re
from datetime import time
from functools import lru_cache
from math import log
from urllib.parse import urlencode, urlsplit

from django import template
from django.contrib.humanize.templatetags.humanize import ordinal
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, get_format, time_format
from django.utils.html import escape, format_html, json_script
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from blog import markup
from blog.addresses import host_of
from blog.charts import Sparkline, YearBars
from blog.converters import HostConverter
from blog.languages import direction
from blog.paths import path_to

register = template.Library()

CLOUD_SIZES = 6


@register.filter
def clock(moment):
    """`9:43 pm`, and `9 am` on the hour, in the site's time zone; `21:43` where its language counts to 24."""
    local = timezone.localtime(moment)
    return minute_of_day(get_language(), local.hour, local.minute)


@lru_cache(maxsize=24 * 60)
def minute_of_day(language, hour, minute):
    """A page says as many times as it has posts."""
    text = time_format(time(hour, minute), "TIME_FORMAT")
    return re.sub(r"(:00)? (AM|PM)$", lambda half: f" {half[2].lower()}", text)


@register.simple_tag
def time_of(post, with_date=False):
    """When the post was published: `9:43 pm`, or `8th June 2024, 9:43 pm` by its day.

    What `clock` and `timestamp` say, with one conversion: a list has thirty of these.
    """
    local, language = timezone.localtime(post.published), get_language()
    text = minute_of_day(language, local.hour, local.minute)
    if with_date:
        text = _("%(date)s, %(time)s") % {"date": formatted_day(language, post.day), "time": text}
    html = '<time class="dt-published" datetime="{}">{}</time>'
    return format_html(html, local.isoformat(timespec="seconds"), text)


@register.filter
def short_date(day):
    """`8th June 2024`, or as the site's language has it."""
    return formatted_day(get_language(), day)


@register.filter
def timestamp(moment):
    """`2024-06-08T21:43:07+01:00`, to the second, in the site's time zone: a valid `datetime` in HTML."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


@register.filter
def long_date(day):
    """`Saturday, 8th June 2024`, or as the site's language has it."""
    return formatted_day(get_language(), day, "l, ")


@lru_cache(maxsize=1000)
def formatted_day(language, day, prefix=""):
    """Most pages are asked for the days of late."""
    return date_format(day, prefix + get_format("DATE_FORMAT"))


@register.simple_tag
def language_of(post):
    """For an element that holds words of the post: their language, if they have one of their own."""
    return language_attributes(post.language)


@register.simple_tag
def title_link(post):
    """The post by its title, as lists of titles name it."""
    return format_html('<a href="{}"{}>{}</a>', post.get_absolute_url(), language_of(post), post.headline)


@register.simple_tag(takes_context=True)
def language_around(context, post):
    """For an element inside of such a one that holds words of the site's."""
    return language_attributes(context["site"].language if post.language else "")


def language_attributes(code):
    return format_html(' lang="{}" dir="{}"', code, direction(code)) if code else ""


@register.filter
def full_stop(title):
    """The full stop that a title lacks when a sentence follows it; empty after one or the like."""
    ending = title.rstrip("\"'”’»)]")[-1:]
    return "" if ending in {*".?!…:;。？！"} else "."


@register.filter
def first_words(html):
    """What describes a page in one line: its text's first words, without markup."""
    return markup.description(html)


@register.filter
def host(url):
    """`example.com`, for a link to say where it leads."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].removeprefix("www.")
    except ValueError:  # an imported address that no browser understands either
        return url


@register.filter
def site_host(url):
    """The host as the pages of links to it name it; empty where there can be no such page."""
    host = host_of(url)
    return host if re.fullmatch(HostConverter.regex, host) else ""


@register.filter
def cloud(tags):
    """The tags from A to Z, each with a size from 1 for the least used to 6 for the most, by logarithm."""
    weights = [log(tag.uses) for tag in tags]
    least, most = min(weights, default=0), max(weights, default=0)
    for tag in sorted(tags, key=lambda tag: tag.name.casefold()):
        yield tag, 1 + round((CLOUD_SIZES - 1) * (log(tag.uses) - least) / (most - least or 1))


@register.filter
def initial(name):
    """What a name is filed under in an index: its first letter, or `#` where that is none."""
    return name[0].upper() if name[:1].isalpha() else "#"


@register.filter
def path(name, argument):
    """`{{ 'year'|path:day }}` is what `{% url 'year' day %}` says, where a page says it dozens of times."""
    return path_to(name, argument)


@register.simple_tag
def tag_links(post):
    """The post's tags as links. A comma is not parted from the tag before it at the end of a line."""
    links = [tag_link(tag.name, tag.slug) for tag in post.tags_shown]
    if not links:
        return ""
    spans = '</span> <span class="tag">'.join([f"{link}," for link in links[:-1]] + links[-1:])
    return mark_safe(f'<span class="tag">/&nbsp;{spans}</span>')


@lru_cache(maxsize=10_000)
def tag_link(name, slug):
    link = '<a class="p-category" rel="tag" href="{}">{}</a>'
    return format_html(link, path_to("tag", slug), name)


@register.filter
def nth(number):
    """`8th`: the day of a month, as the language counts."""
    return nth_of(get_language(), number)


@lru_cache(maxsize=1000)
def nth_of(language, number):
    return ordinal(number)


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
    return f"<title>{escape(bar['label'])}: {bar['number']}</title>" if "label" in bar else ""


@register.inclusion_tag("blog/includes/sparkline.html")
def sparkline(by_year):
    """The use over the years as a small line; nothing for a single year."""
    return {"sparkline": Sparkline(by_year)}


@register.inclusion_tag("blog/includes/use_by_year.html")
def use_by_year(by_year):
    """The same in bars that say how many there were."""
    return {"use": YearBars(by_year)}


@register.simple_tag
def script_words():
    """What the scripts of a page say, as JSON that they read."""
    return json_script(
        {
            "copy": _("Copy"),
            "copied": _("Copied"),
            "notCopied": _("Not copied"),
            "section": _("Link to “%”"),
            "gallery": _("Picture"),
            "previous": _("Previous picture"),
            "next": _("Next picture"),
            "close": _("Close"),
        },
        "words",
    )


@register.simple_tag(takes_context=True)
def nav_link(context, name, label):
    """A link to the page of that URL name, marked when the reader is there."""
    url = reverse(name)
    is_here = url == context["request"].path
    html = '<a href="{}" aria-current="page">{}</a>' if is_here else '<a href="{}">{}</a>'
    return format_html(html, url, label)


@register.simple_tag(takes_context=True)
def absolute_url(context, path):
    """The path with the scheme and host that the request came to."""
    return context["request"].build_absolute_uri(path)


@register.simple_tag(takes_context=True)
def page_url(context, number):
    """This page's address with another page number; the first page has none.

    Of the query only what the view says it has understood, in `page_query`, is kept.
    """
    query = [*context.get("page_query", ()), *([("page", number)] if number > 1 else [])]
    return f"?{urlencode(query)}" if query else context["request"].path
