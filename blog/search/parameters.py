"""The query string of a search page: what it asks for, and the URLs of related searches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from blog.models import Post, SiteSettings
from blog.models.post_queryset import PostQuerySet
from blog.paths import path_to
from blog.strings.tag_names import MAX_NAME_LENGTH

from .query import MAX_QUERY_LENGTH
from .results import Search, parse

#: Parameters that may be repeated, up to `MAX_VALUES` times. Of the others the first valid value is used.
MULTI_VALUED = {"tag", "exclude.tag", "type"}
MAX_VALUES = 5
MONTHS = range(1, 13)
YEARS = range(1, 10_000)


def number_in(numbers: range, value: str) -> int:
    """Return the number that the text spells, or 0 if it is not one of `numbers`."""
    is_number = value.isascii() and value.isdigit() and len(value) < 6
    return int(value) if is_number and int(value) in numbers else 0


def one_of(*values: str) -> Callable[[str], str]:
    return lambda value: value if value in values else ""


def at_most(length: int) -> Callable[[str], str]:
    """Return a function that cuts a text one character after `length`, so that excess length still shows."""
    return lambda value: value.strip()[: length + 1]


#: A function for each parameter that returns the value, or something empty if the text is not valid.
CLEANERS: dict[str, Callable[[str], str | int]] = {
    "q": at_most(MAX_QUERY_LENGTH),
    "tag": at_most(MAX_NAME_LENGTH),
    "exclude.tag": at_most(MAX_NAME_LENGTH),
    "type": lambda value: at_most(MAX_NAME_LENGTH)(value).lower(),
    "year": lambda value: number_in(YEARS, value),
    "month": lambda value: number_in(MONTHS, value),
    "sort": one_of("date", "relevance"),
}

#: The parameters that appear in the title of a search.
IN_TITLE = ("q", "tag", "exclude.tag", "type", "year", "month")


def label(name: str, value: object) -> str:
    match name:
        case "exclude.tag":
            return _("without %(tag)s") % {"tag": value}
        case "month":
            return _("month %(number)s") % {"number": value}
    return str(value)


class Parameters(list[tuple[str, Any]]):
    """The valid (name, value) pairs of a query string, without `page`."""

    @classmethod
    def from_query_dict(cls, query_dict: QueryDict) -> Parameters:
        parameters = cls()
        for name, clean in CLEANERS.items():
            texts = query_dict.getlist(name)[:MAX_VALUES]
            values = dict.fromkeys(value for text in texts if (value := clean(text.replace("\x00", " "))))
            parameters += [(name, value) for value in values][: None if name in MULTI_VALUED else 1]
        return parameters

    def values(self, name: str) -> list[Any]:
        return [value for other, value in self if other == name]

    def value(self, name: str, default: Any = None) -> Any:
        return next(iter(self.values(name)), default)

    def plus(self, name: str, value: object) -> Parameters:
        return Parameters([*self, (name, value)])

    def minus(self, name: str, value: object = None) -> Parameters:
        """Return a copy without that value of the parameter, or without the parameter if none is given."""
        return Parameters(pair for pair in self if pair[0] != name or value not in (None, pair[1]))

    def url(self, view: str = "search") -> str:
        path: str = path_to(view)
        return f"{path}?{urlencode(self)}" if self else path

    @property
    def title(self) -> str:
        """One line that describes the search."""
        return " ".join(label(name, value) for name, value in self if name in IN_TITLE)

    def search(self, site: SiteSettings, posts: PostQuerySet | None = None, **options: Any) -> Search:
        """Return the search that the parameters ask for, over `posts` or all published posts."""
        query = parse(self.value("q", ""), site.state.search_language)
        query.tags += self.values("tag")
        query.without_tags += self.values("exclude.tag")
        for kind in self.values("type"):
            (query.kinds if kind in Post.kinds() else query.unknown_kinds).append(kind)
        query.year = self.value("year", query.year)
        query.month = self.value("month")
        order = self.value("sort", "relevance") if query.has_words else "date"
        return Search(Post.objects.published() if posts is None else posts, query, order, **options)

    def pills(self, view: str = "search") -> list[dict[str, str]]:
        """Return the active filters, each with the URL of the search without it."""
        return [
            {"label": label(name, value), "url": self.minus(name, value).url(view)}
            for name, value in self
            if name in IN_TITLE and name != "q"
        ]

    def orders(self, current: str) -> list[dict[str, Any]]:
        """Return the available orders, each with the URL of the search in that order."""
        return [
            {
                "label": label,
                "url": self.minus("sort").plus("sort", name).url(),
                "is_current": name == current,
            }
            for name, label in (("relevance", _("by relevance")), ("date", _("by date")))
        ]

    def facets(self, search: Search) -> list[dict[str, Any]]:
        """Return the filters that could narrow the search: [{title, links: [{label, number, url}]}]."""
        counts: dict[str, list[tuple[str, Any, Any, int]]] = {
            _("Kinds"): [
                ("type", kind._meta.model_name, kind.label_plural, n) for kind, n in search.count_kinds()
            ],
            _("Years"): [("year", year, year, n) for year, n in search.count_years()],
            _("Months"): [
                ("month", month.month, date_format(month, "F"), n) for month, n in search.count_months()
            ],
            _("Tags"): [("tag", *row) for row in search.count_tags()],
        }
        groups = {title: list(self._links(values)) for title, values in counts.items()}
        return [{"title": title, "links": links} for title, links in groups.items() if links]

    def _links(self, values: list[tuple[str, Any, Any, int]]) -> Iterator[dict[str, Any]]:
        for name, value, label, number in values:
            if self._would_narrow(name, value):
                yield {"label": label, "number": number, "url": self.plus(name, value).url()}

    def _would_narrow(self, name: str, value: object) -> bool:
        return (name, value) not in self and (name == "tag" or not self.values(name))
