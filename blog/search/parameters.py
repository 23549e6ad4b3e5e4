"""The address of a search: what its parameters ask for, and the addresses of those next to it."""

from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from blog.models import Post
from blog.paths import path_to
from blog.strings.tag_names import MAX_NAME_LENGTH

from .query import MAX_QUERY_LENGTH
from .results import Search, parse

#: Of these there can be several, at most so many. Of the others the first that makes sense counts.
SEVERAL = {"tag", "exclude.tag", "type"}
MOST_VALUES = 5
MONTHS = range(1, 13)
YEARS = range(1, 10_000)


def number_in(numbers, value):
    """The number that the text is, or 0 where it is none of these."""
    is_number = value.isascii() and value.isdigit() and len(value) < 6
    return int(value) if is_number and int(value) in numbers else 0


def one_of(*values):
    return lambda value: value if value in values else ""


def at_most(length):
    """The text up to that length and one character more, which tells that it was too long."""
    return lambda value: value.strip()[: length + 1]


READERS = {
    "q": at_most(MAX_QUERY_LENGTH),
    "tag": at_most(MAX_NAME_LENGTH),
    "exclude.tag": at_most(MAX_NAME_LENGTH),
    "type": lambda value: at_most(MAX_NAME_LENGTH)(value).lower(),
    "year": lambda value: number_in(YEARS, value),
    "month": lambda value: number_in(MONTHS, value),
    "sort": one_of("date", "relevance"),
}

#: What can be told in words of what is asked for.
TOLD = ("q", "tag", "exclude.tag", "type", "year", "month")


def label(name, value):
    """What the parameter asks for, in words."""
    match name:
        case "exclude.tag":
            return _("without %(tag)s") % {"tag": value}
        case "month":
            return _("month %(number)s") % {"number": value}
    return str(value)


class Parameters(list):
    """(name, value) pairs of what made sense; `page` is never one of them."""

    @classmethod
    def from_query_dict(cls, query_dict):
        parameters = cls()
        for name, read in READERS.items():
            texts = query_dict.getlist(name)[:MOST_VALUES]
            values = dict.fromkeys(value for text in texts if (value := read(text.replace("\x00", " "))))
            parameters += [(name, value) for value in values][: None if name in SEVERAL else 1]
        return parameters

    def values(self, name):
        return [value for other, value in self if other == name]

    def value(self, name, default=None):
        return next(iter(self.values(name)), default)

    def plus(self, name, value):
        return Parameters([*self, (name, value)])

    def minus(self, name, value=None):
        """Without that value of the parameter, or without the parameter."""
        return Parameters(pair for pair in self if pair[0] != name or value not in (None, pair[1]))

    def url(self, view="search"):
        return f"{path_to(view)}?{urlencode(self)}" if self else path_to(view)

    @property
    def title(self):
        """What the search is called, in a line."""
        return " ".join(label(name, value) for name, value in self if name in TOLD)

    def search(self, site, posts=None, **options):
        """The search over published posts, or over these posts, that the parameters ask for."""
        query = parse(self.value("q", ""), site.state.search_language)
        query.tags += self.values("tag")
        query.without_tags += self.values("exclude.tag")
        for kind in self.values("type"):
            (query.kinds if kind in Post.kinds() else query.unknown_kinds).append(kind)
        query.year = self.value("year", query.year)
        query.month = self.value("month")
        order = self.value("sort", "relevance") if query.has_words else "date"
        return Search(Post.objects.published() if posts is None else posts, query, order, **options)

    def pills(self, view="search"):
        """What narrows the search, each with the address of the search without it."""
        return [
            {"label": label(name, value), "url": self.minus(name, value).url(view)}
            for name, value in self
            if name in TOLD and name != "q"
        ]

    def orders(self, current):
        """The orders to choose from, each with its address."""
        return [
            {
                "label": label,
                "url": self.minus("sort").plus("sort", name).url(),
                "is_current": name == current,
            }
            for name, label in (("relevance", _("by relevance")), ("date", _("by date")))
        ]

    def facets(self, search):
        """What the result could be narrowed by: [{title, links: [{label, number, url}]}]."""
        counts = {
            _("Kinds"): [
                ("type", kind._meta.model_name, kind.label_plural, n) for kind, n in search.count_kinds()
            ],
            _("Years"): [("year", year, year, n) for year, n in search.count_years()],
            _("Months"): [
                ("month", month.month, date_format(month, "F"), n) for month, n in search.count_months()
            ],
            _("Tags"): [("tag", *row) for row in search.count_tags()],
        }
        return [
            {"title": title, "links": links}
            for title, values in counts.items()
            if (links := [self._facet(*value) for value in values if self._narrows(*value[:2])])
        ]

    def _narrows(self, name, value):
        return (name, value) not in self and (name == "tag" or not self.values(name))

    def _facet(self, name, value, label, number):
        return {"label": label, "number": number, "url": self.plus(name, value).url()}
