"""Every public address that the URL configuration knows, filled in from the rows of the database."""

from itertools import chain
from urllib.parse import quote

from django.urls import URLResolver, get_resolver
from django.utils.regex_helper import normalize

from blog.models import FormerPermalink, Link, Page, Post, PreviousTagName, Series, SiteSettings, Tag

NOT_PUBLIC = {"admin", "authors", "capture"}


def every_address(patterns=None):
    """Paths for each pattern and each row that can fill it in, public or not.

    A pattern that no row can fill in is an error: a new parameter has to be added to `fillings()`.
    """
    known = list(fillings())
    paths = set()
    for pattern in flatten(get_resolver().url_patterns if patterns is None else patterns):
        filled = list(fill_in(pattern, known))
        assert filled, f"Which rows fill in {pattern.pattern}? Say so in tests/helpers/public_urls.py."
        paths.update(filled)
    return sorted(paths)


def flatten(patterns):
    for pattern in patterns:
        if not isinstance(pattern, URLResolver):
            yield pattern
        elif pattern.app_name not in NOT_PUBLIC:
            assert str(pattern.pattern) == "", (
                f"{pattern.pattern} includes others: this reads them only at the root."
            )
            yield from flatten(pattern.url_patterns)


def fill_in(pattern, known):
    converters = pattern.pattern.converters
    for template, names in normalize(pattern.pattern.regex.pattern):
        for values in known:
            if set(names) <= set(values):
                parts = {name: to_url(converters.get(name), values[name]) for name in names}
                yield "/" + template % parts


def to_url(converter, value):
    return quote(converter.to_url(value) if converter else str(value))


def fillings():
    """What rows say for the parameters of addresses: one dictionary for each row, or each of its roles."""
    yield {"name": "images/0123456789abcdef0123-640x480.jpg"}
    yield {"accent": SiteSettings.load().accent}
    yield {"token": "guessed"}  # those of previews cannot be known
    yield {"section": "pages"}
    for post in Post.objects.all():
        yield of_day(post.day) | {"slug": post.slug, "number": post.number, "section": str(post.day.year)}
    for former in FormerPermalink.objects.all():
        yield of_day(former.day) | {"slug": former.slug}
    for row in chain(Series.objects.all(), Page.objects.all()):
        yield {"slug": row.slug}
    for host in Link.objects.values_list("host", flat=True).distinct():
        yield {"host": host}
    tags = [
        *Tag.objects.values_list("slug", flat=True),
        *PreviousTagName.objects.values_list("name", flat=True),
    ]
    for slug in tags:
        yield {"slugs": [slug]}
        yield {"slugs": [slug, tags[0]]}


def of_day(day):
    return {"date": day, "year": day.year, "month": day.month, "day": day.day}
