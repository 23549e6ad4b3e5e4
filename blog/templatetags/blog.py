"""Template filters and tags of the weblog."""

import re
from datetime import time
from functools import lru_cache
from html import escape
from urllib.parse import urlencode, urlsplit

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma, ordinal
from django.utils import timezone
from django.utils.formats import date_format, get_format, time_format
from django.utils.html import format_html, json_script
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from blog import markup
from blog.caching import fragments
from blog.converters import HostConverter
from blog.models import Post
from blog.paths import path_to
from blog.remote.web_urls import host_of
from blog.strings.languages import direction
from blog.timeline.calendar import count_text

register = template.Library()


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


@register.simple_tag(takes_context=True)
def post_item(context, post, with_date=False, heading="h3"):
    """The post as lists show it, with its day or only with the time, its headline in such an element."""
    return fragments.render(fragments.Item(post, context["site"], with_date=with_date, heading=heading))


@register.simple_tag
def permalink(post, with_date=False):
    """The link to the post that says when it was published; nothing for a draft that never was.

    A list has thirty of these, hence the f-string.
    """
    if not post.published:
        return ""
    return mark_safe(
        f'<a class="permalink u-url" rel="bookmark" href="{post.get_absolute_url()}" '
        f'title="{escape(post.headline)}"># {time_of(post, with_date)}</a>'
    )


def time_of(post, with_date=False):
    """When the post was published: `9:43 pm`, or `8th June 2024, 9:43 pm` by its day.

    What `clock` and `timestamp` say, with one conversion.
    """
    local, language = timezone.localtime(post.published), get_language()
    text = minute_of_day(language, local.hour, local.minute)
    if with_date:
        text = day_and_time(language) % {"date": formatted_day(language, post.day), "time": text}
    return (
        f'<time class="dt-published" datetime="{local.isoformat(timespec="seconds")}">{escape(text)}</time>'
    )


@lru_cache(maxsize=100)
def day_and_time(language):
    return _("%(date)s, %(time)s")


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


@register.simple_tag(takes_context=True)
def author_of(context, post):
    """The post's author as a dictionary with `username` and `name`, where several people write; else None."""
    return context["site"].state.author_of(post)


@register.simple_tag
def language_of(post):
    """For an element that holds words of the post: their language, if they have one of their own."""
    return language_attributes(post.language)


@register.simple_tag
def title_link(post):
    """The post by its title, as lists of titles name it."""
    return mark_safe(f'<a href="{post.get_absolute_url()}"{language_of(post)}>{escape(post.headline)}</a>')


@register.simple_tag
def titles_of_month(entries):
    """Entries of one month, each with its day: items of a list. A year has up to 144."""
    language = get_language()
    lines = (
        f'<li><span class="date">{nth_of(language, entry.day.day)}</span> {title_link(entry)}</li>'
        for entry in entries
    )
    return mark_safe("\n".join(lines))


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


@register.simple_tag
def counted_link(address, name, number, rel=""):
    """A name that leads somewhere, if there is an address, and how often it was counted."""
    shown = escape(str(name))
    if address:
        relation = f' rel="{rel}"' if rel else ""
        shown = f'<a{relation} href="{escape(address)}">{shown}</a>'
    return mark_safe(f'{shown} <span class="count">{with_commas(get_language(), number)}</span>')


@lru_cache(maxsize=10_000)
def with_commas(language, number):
    """`1,234`, or as the language of the moment parts thousands."""
    return intcomma(number)


@register.filter
def posts(number):
    """`1,234 posts`, or as the language of the moment says it."""
    return count_text(get_language(), Post, number)


@register.filter
def path(name, argument=None):
    """`{{ 'year'|path:day }}` is what `{% url 'year' day %}` says, remembered: pages say dozens."""
    return path_to(name) if argument is None else path_to(name, argument)


@register.simple_tag
def tag_links(post):
    """The post's tags as links. A comma is not parted from the tag before it at the end of a line."""
    links = [tag_link(tag.name, tag.slug) for tag in post.shown_tags]
    if not links:
        return ""
    spans = '</span> <span class="tag">'.join([f"{link}," for link in links[:-1]] + links[-1:])
    return mark_safe(f'<span class="tag">/&nbsp;{spans}</span>')


@lru_cache(maxsize=10_000)
def tag_link(name, slug):
    link = '<a class="p-category" rel="tag" href="{}">{}</a>'
    return format_html(link, path_to("tag", slug), name)


@lru_cache(maxsize=1000)
def nth_of(language, number):
    """`8th`: the day of a month, as the language counts, which is that of the moment."""
    return ordinal(number)


@register.simple_tag
def year_links(years):
    """All years that have posts, as every page links to them: items of a list."""
    return mark_safe(
        "\n".join(f'<li><a href="{path_to("year", year)}">{year.year:04}</a></li>' for year in years)
    )


@register.simple_tag
def url_lines(urlset):
    """The pages of a sitemap, of which there are hundreds."""
    lines = []
    for url in urlset:
        changed = url["lastmod"]
        lastmod = f"<lastmod>{timestamp(changed)}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escape(url['location'])}</loc>{lastmod}</url>")
    return mark_safe("\n".join(lines))


@register.simple_tag
def script_messages():
    """What the scripts of a page say, as JSON that they read."""
    return messages_in(get_language())


@lru_cache(maxsize=100)
def messages_in(language):
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
        "messages",
    )


@register.simple_tag(takes_context=True)
def nav_link(context, name, label):
    """A link to the page of that URL name, marked when the reader is there."""
    url = path_to(name)
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
