"""Template tags and filters for dates, links and titles."""

import re
from datetime import time
from functools import lru_cache
from urllib.parse import urlencode, urlsplit

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma, ordinal
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format, get_format, time_format
from django.utils.html import format_html, json_script
from django.utils.text import get_text_list
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from blog import markup
from blog.converters import HostConverter
from blog.models import Post
from blog.paths import path_to
from blog.remote.web_urls import host_of
from blog.strings.languages import direction
from blog.timeline.calendar import count_text

register = template.Library()


@register.filter
def clock(moment):
    """The time of day in the site's time zone: `9:43 pm`, `9 am`, or `21:43` in 24-hour locales."""
    local = timezone.localtime(moment)
    return format_time(get_language(), local.hour, local.minute)


@lru_cache(maxsize=24 * 60)
def format_time(language, hour, minute):
    """Cached, because a page shows a time for each post. `language` must be the active language."""
    text = time_format(time(hour, minute), "TIME_FORMAT")
    return re.sub(r"(:00)? (AM|PM)$", lambda half: f" {half[2].lower()}", text)


@register.simple_tag(takes_context=True)
def post_item(context, post, with_date=False, heading="h3"):
    """The post as an item of a list. `heading` is the element for its headline."""
    item = {"post": post, "site": context["site"], "with_date": with_date, "heading": heading}
    return context.template.engine.get_template("blog/includes/post.html").render(Context(item))


@register.filter
def short_date(day):
    """`8th June 2024`, or the equivalent in the active language."""
    return format_day(get_language(), day)


@register.filter
def timestamp(moment):
    """`2024-06-08T21:43:07+01:00`: valid in an HTML `datetime` attribute, in the site's time zone."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


@register.filter
def long_date(day):
    """`Saturday, 8th June 2024`, or the equivalent in the active language."""
    return format_day(get_language(), day, "l, ")


@lru_cache(maxsize=1000)
def format_day(language, day, prefix=""):
    """Cached, because most pages show recent days. `language` must be the active language."""
    return date_format(day, prefix + get_format("DATE_FORMAT"))


@register.simple_tag(takes_context=True)
def author_of(context, post):
    """The post's author as a dictionary with `username` and `name`, where several people write; else None."""
    return context["site"].state.author_of(post)


@register.simple_tag
def lang_attributes(post):
    """`lang` and `dir` for an element with the post's text; empty if the post is in the site's language."""
    return format_lang_attributes(post.language)


@register.simple_tag(takes_context=True)
def site_lang_attributes(context, post):
    """`lang` and `dir` for the site's own text within an element that has the post's."""
    return format_lang_attributes(context["site"].language if post.language else "")


def format_lang_attributes(code):
    return format_html(' lang="{}" dir="{}"', code, direction(code)) if code else ""


@register.simple_tag
def recent_titles_label():
    """`Recent entries`, or whichever kinds are listed by title."""
    kinds = [kind.label_plural for kind in Post.kinds().values() if kind.listed_by_title]
    return _("Recent %(kinds)s") % {"kinds": get_text_list(kinds, _("and"))}


@register.filter
def full_stop(title):
    """A full stop for a title that runs into a sentence; empty if the title ends with punctuation already."""
    ending = title.rstrip("\"'”’»)]")[-1:]
    return "" if ending in {*".?!…:;。？！"} else "."


@register.filter
def excerpt(html):
    """The first words of the HTML as plain text, for a page's description."""
    return markup.description(html)


@register.filter
def host(url):
    """The URL's host without `www.`, for display next to a link."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].removeprefix("www.")
    except ValueError:  # imported and malformed: browsers can't parse it either
        return url


@register.filter
def site_host(url):
    """The host in the path of the page that lists links to the site; empty if no path can hold it."""
    host = host_of(url)
    return host if re.fullmatch(HostConverter.regex, host) else ""


@lru_cache(maxsize=10_000)
def format_number(language, number):
    """`1,234`, with the thousands separator of `language`, which must be the active one."""
    return intcomma(number)


@lru_cache(maxsize=1000)
def format_ordinal(language, number):
    """`8th`, as `language` writes the day of a month. It must be the active language."""
    return ordinal(number)


@register.filter
def post_count(number):
    """`1,234 posts`, or the equivalent in the active language."""
    return count_text(get_language(), Post, number)


@register.filter
def path(name, argument=None):
    """Cached `{% url %}`: write `{{ 'year'|path:day }}` for `{% url 'year' day %}`."""
    return path_to(name) if argument is None else path_to(name, argument)


@register.simple_tag
def script_messages():
    """The translated texts that the page's scripts show, as JSON in a <script> element."""
    return format_script_messages(get_language())


@lru_cache(maxsize=100)
def format_script_messages(language):
    return json_script(
        {
            "copy": _("Copy"),
            "copied": _("Copied"),
            "notCopied": _("Couldn’t copy"),
            "section": _("Link to “%”"),
            "gallery": _("Image"),
            "previous": _("Previous image"),
            "next": _("Next image"),
            "close": _("Close"),
        },
        "messages",
    )


@register.simple_tag(takes_context=True)
def nav_link(context, name, label):
    """A link to a named URL, with `aria-current` if it is the page being shown."""
    url = path_to(name)
    is_current = url == context["request"].path
    html = '<a href="{}" aria-current="page">{}</a>' if is_current else '<a href="{}">{}</a>'
    return format_html(html, url, label)


@register.simple_tag(takes_context=True)
def absolute_url(context, path):
    """The path with the scheme and host of the request."""
    return context["request"].build_absolute_uri(path)


@register.simple_tag(takes_context=True)
def page_url(context, number):
    """The URL of another page of this list. The first page has no `page` parameter.

    Keeps only the query parameters that the view has validated (`page_query`).
    """
    query = [*context.get("page_query", ()), *([("page", number)] if number > 1 else [])]
    return f"?{urlencode(query)}" if query else context["request"].path
