"""All paths of the URL configuration, with parameters taken from the rows in the database."""

from itertools import chain
from urllib.parse import quote

from django.contrib.auth import get_user_model
from django.urls import URLResolver, get_resolver
from django.utils.regex_helper import normalize

from blog.models import FormerPermalink, LinkedHost, Page, Post, PreviousTagName, Series, SiteSettings, Tag

PRIVATE_APPS = {"admin", "authors", "capture"}


def all_paths(patterns=None):
    """Reverse each pattern with the parameters of every row that fits, public or not.

    Fails for a pattern that no row fits: add its parameter to `url_parameters()`.
    """
    known = list(url_parameters())
    paths = set()
    for pattern in flatten(get_resolver().url_patterns if patterns is None else patterns):
        reversed_paths = list(reverse_pattern(pattern, known))
        assert reversed_paths, (
            f"No row has the parameters of {pattern.pattern}. "
            "Add them to url_parameters() in tests/helpers/public_urls.py."
        )
        paths.update(reversed_paths)
    return sorted(paths)


def flatten(patterns):
    for pattern in patterns:
        if not isinstance(pattern, URLResolver):
            yield pattern
        elif pattern.app_name not in PRIVATE_APPS:
            assert str(pattern.pattern) == "", (
                f"{pattern.pattern} is an include() with a prefix; only those without one are supported."
            )
            yield from flatten(pattern.url_patterns)


def reverse_pattern(pattern, known):
    converters = pattern.pattern.converters
    for template, names in normalize(pattern.pattern.regex.pattern):
        for values in known:
            if set(names) <= set(values):
                parts = {name: to_url(converters.get(name), values[name]) for name in names}
                yield "/" + template % parts


def to_url(converter, value):
    return quote(converter.to_url(value) if converter else str(value))


def url_parameters():
    """One dictionary of URL parameters for each row, or for each way to address it."""
    yield {"name": "images/0123456789abcdef0123-640x480.jpg"}
    yield {"accent": SiteSettings.load().accent}
    yield {"token": "guessed"}  # the real tokens of previews are secret
    yield {"section": "pages"}
    yield {"username": "nobody"}
    for username in get_user_model().objects.values_list("username", flat=True):
        yield {"username": username}
    for post in Post.objects.all():
        parameters = {"slug": post.slug, "number": post.number, "section": str(post.day.year)}
        yield date_parameters(post.day) | parameters
    for former in FormerPermalink.objects.all():
        yield date_parameters(former.day) | {"slug": former.slug}
    for row in chain(Series.objects.all(), Page.objects.all()):
        yield {"slug": row.slug}
    for host in LinkedHost.objects.values_list("host", flat=True).distinct():
        yield {"host": host}
    tags = [
        *Tag.objects.values_list("slug", flat=True),
        *PreviousTagName.objects.values_list("name", flat=True),
    ]
    for slug in tags:
        yield {"slugs": [slug]}
        yield {"slugs": [slug, tags[0]]}


def date_parameters(day):
    return {"date": day, "year": day.year, "month": day.month, "day": day.day}
