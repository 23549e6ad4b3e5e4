"""HTML and XML written with f-strings, for what a page repeats so often that templates were too slow.

Elsewhere, HTML comes from templates or `format_html()`. Every value here is a number, a path from
`path_to()`, or escaped. Each tag's docstring ends with the processor time for one item, and what the same
markup takes in a template (Python 3.11 on one core of an AMD EPYC).
"""

from functools import lru_cache
from html import escape

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from blog.paths import path_to

from .blog import format_day, format_lang_attributes, format_number, format_ordinal, format_time, timestamp
from .charts import CLOUD_SIZES, sparkline

register = template.Library()


@register.simple_tag
def permalink(post, with_date=False):
    """The post's permalink, labelled with its publication time; empty for a draft that has none.

    10 µs instead of 32.
    """
    if not post.published:
        return ""
    return mark_safe(
        f'<a class="permalink u-url" rel="bookmark" href="{post.get_absolute_url()}" '
        f'title="{escape(post.headline)}"># {published_time(post, with_date)}</a>'
    )


def published_time(post, with_date=False):
    """`9:43 pm`, or `8th June 2024, 9:43 pm` with the post's own day. Converts to local time only once."""
    local, language = timezone.localtime(post.published), get_language()
    text = format_time(language, local.hour, local.minute)
    if with_date:
        text = day_and_time(language) % {"date": format_day(language, post.day), "time": text}
    return (
        f'<time class="dt-published" datetime="{local.isoformat(timespec="seconds")}">{escape(text)}</time>'
    )


@lru_cache(maxsize=100)
def day_and_time(language):
    return _("%(date)s, %(time)s")


@register.simple_tag
def tag_links(post):
    """The post's tags as links. Each comma stays on the line of the tag before it.

    2 µs instead of 34.
    """
    links = [tag_link(tag.name, tag.slug) for tag in post.shown_tags]
    if not links:
        return ""
    spans = '</span> <span class="tag">'.join([f"{link}," for link in links[:-1]] + links[-1:])
    return mark_safe(f'<span class="tag">/&nbsp;{spans}</span>')


@lru_cache(maxsize=10_000)
def tag_link(name, slug):
    link = '<a class="p-category" rel="tag" href="{}">{}</a>'
    return format_html(link, path_to("tag", slug), name)


@register.simple_tag
def title_link(post):
    """A link to the post with its headline as the text.

    1.5 µs instead of 9.
    """
    attributes = format_lang_attributes(post.language)
    return mark_safe(f'<a href="{post.get_absolute_url()}"{attributes}>{escape(post.headline)}</a>')


@register.simple_tag
def month_titles(posts):
    """List items for the titles of a month, each with its day. A year has up to 144.

    2 µs instead of 53.
    """
    language = get_language()
    items = (
        f'<li><span class="date">{format_ordinal(language, post.day.day)}</span> {title_link(post)}</li>'
        for post in posts
    )
    return mark_safe("\n".join(items))


@register.simple_tag
def counted_link(url, label, number, rel=""):
    """A label with its count, linked if there is a URL. A search has up to 40 of them.

    5 µs instead of 19.
    """
    text = escape(str(label))
    if url:
        relation = f' rel="{rel}"' if rel else ""
        text = f'<a{relation} href="{escape(url)}">{text}</a>'
    return mark_safe(f'{text} <span class="count">{format_number(get_language(), number)}</span>')


@register.simple_tag
def year_links(years):
    """List items that link to the archives of all years, in the footer of every page.

    0.5 µs instead of 15.
    """
    return mark_safe(
        "\n".join(f'<li><a href="{path_to("year", year)}">{year.year:04}</a></li>' for year in years)
    )


@register.simple_tag
def cloud_items(sized_tags):
    """List items of the tag cloud; large tags have a sparkline. There are 500.

    4 µs instead of 25.
    """
    return mark_safe("".join(cloud_item(tag, size) for tag, size in sized_tags))


def cloud_item(tag, size):
    line = ""
    if size > CLOUD_SIZES / 2:
        line = render_to_string("blog/includes/sparkline.html", sparkline(tag.counts_by_year)).strip()
    size_class = f' class="size-{size}"' if size > 1 else ""
    return (
        f'<li{size_class}><a rel="tag" href="{path_to("tag", tag.slug)}">{escape(tag.name)}</a>&nbsp;'
        f'<small class="count">{format_number(get_language(), tag.uses)}</small>{line}</li>'
    )


@register.simple_tag
def calendar_weeks(calendar):
    """The rows of a `MonthCalendar`. A day's link has its number of posts as a tooltip.

    1 µs instead of 23.
    """
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
def day_squares(days):
    """The squares of a year's heatmap, one link for each day with posts: up to 366.

    0.5 µs instead of 18.
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
    """The bars of a chart, a <rect> each; a bar with a label has it as a tooltip.

    0.7 µs instead of 35.
    """
    rects = (
        f'<rect class="part-{bar.get("part", 1)}" x="{bar["x"]}" y="{bar["y"]}" '
        f'width="{bar["width"]}" height="{bar["height"]}">{bar_title(bar)}</rect>'
        for bar in chart
    )
    return mark_safe("\n".join(rects))


def bar_title(bar):
    return f"<title>{escape(str(bar['label']))}: {bar['number']}</title>" if "label" in bar else ""


@register.simple_tag
def sitemap_urls(urlset):
    """The <url> elements of a sitemap; a part has up to 5,000.

    5 µs instead of 12.
    """
    lines = []
    for url in urlset:
        changed = url["lastmod"]
        lastmod = f"<lastmod>{timestamp(changed)}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escape(url['location'])}</loc>{lastmod}</url>")
    return mark_safe("\n".join(lines))


@register.simple_tag
def sitemap_index(parts):
    """The <sitemap> elements of a sitemap index: 2,000 for a million posts.

    0.4 µs instead of 19.

    `parts` are triples of URL, last change or None, and number of pages.
    """
    lines = []
    for url, changed, number in parts:
        lastmod = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
        pages = ["", *(f"?p={page}" for page in range(2, number + 1))]
        lines += [f"<sitemap><loc>{escape(url)}{page}</loc>{lastmod}</sitemap>" for page in pages]
    return mark_safe("\n".join(lines))
