"""The query language: parses typed text into clauses that both databases understand.

    words "a phrase" -word word* one or other
    tag:django -tag:python type:entry year:2024 from:2024-06-01 to:2024-06-30
    site:example.com by:"Some Body"

Nothing is a syntax error. Parts that make no sense are searched for as words, and `Query.remarks` says so.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from blog.strings import tokenizer

MAX_QUERY_LENGTH = 500
MAX_TERMS = 24
#: The most values of one filter.
MAX_VALUES = 5
#: A shorter prefix, or more of them, would make the database read a large part of its index.
MIN_PREFIX_LENGTH = 2
MAX_PREFIXES = 4

#: One part of a query. A filter may lack its value (`tag:`).
PART = re.compile(
    r"(?P<minus>-)?(?:(?P<name>tag|type|year|from|to|site|by):)?"
    r"(?:\"(?P<quoted>[^\"]*)\"?|(?P<plain>[^\s\"]+)|(?(name)|(?!)))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Term:
    """Adjacent tokens; with `is_prefix`, the last one is the beginning of a word."""

    tokens: tuple[str, ...]
    is_prefix: bool = False
    stem: str = ""

    @property
    def stemmed(self) -> tuple[str, ...]:
        """The tokens with the stem of the last one, which a prefix matches as well."""
        return (*self.tokens[:-1], self.stem)


@dataclass
class Query:
    """Matches posts with one term of every group in `wanted` and none of `unwanted` that pass the filters."""

    text: str = ""
    wanted: list[list[Term]] = field(default_factory=list)
    unwanted: list[Term] = field(default_factory=list)
    by: list[Term] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    without_tags: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    unknown_kinds: list[str] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)
    year: int | None = None
    month: int | None = None
    first: date | None = None
    last: date | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def has_words(self) -> bool:
        return bool(self.wanted or self.unwanted or self.by)

    @property
    def wants_words(self) -> bool:
        """True if a match must contain words; a query may have only unwanted ones."""
        return bool(self.wanted or self.by)

    @property
    def day_bounds(self) -> tuple[date | None, date | None]:
        """The first and last day that a match can have, None where the query sets no bound."""
        firsts, lasts = [self.first], [self.last]
        if self.year and 0 < self.year < 10_000:
            months = (self.month, self.month) if self.month else (1, 12)
            firsts.append(date(self.year, months[0], 1))
            lasts.append(date(self.year, months[1], monthrange(self.year, months[1])[1]))
        return max(filter(None, firsts), default=None), min(filter(None, lasts), default=None)

    @property
    def has_filters(self) -> bool:
        lists = (self.tags, self.without_tags, self.kinds, self.unknown_kinds, self.sites)
        return any((*lists, self.year, self.month, self.first, self.last))

    @property
    def is_empty(self) -> bool:
        return not (self.has_words or self.has_filters)


class Parser:
    """Parses one text. Each `read_<name>` returns whether it accepted the value.

    `kinds` maps names of kinds in lower case to kinds.
    """

    def __init__(self, kinds: Mapping[str, str], language: str = "en") -> None:
        self.kinds = kinds
        self.language = language

    def parse(self, text: str) -> Query:
        text = text.replace("\x00", " ")
        self.query = query = Query(text=text[:MAX_QUERY_LENGTH].strip())
        if len(text) > MAX_QUERY_LENGTH:
            text = _("Only the first %(number)d characters were searched for.")
            query.remarks.append(text % {"number": MAX_QUERY_LENGTH})
        self.joins_next = False
        self.prefixes = 0
        parts = list(PART.finditer(query.text))
        for part in parts[:MAX_TERMS]:
            self.read(part)
        if len(parts) > MAX_TERMS:
            text = _("Only the first %(number)d terms were searched for.")
            query.remarks.append(text % {"number": MAX_TERMS})
        return query

    def remark(self, sentence: str, text: str) -> None:
        self.query.remarks.append(sentence % {"text": text})

    def read(self, part: re.Match[str]) -> None:
        name = (part["name"] or "").lower()
        value = part["quoted"] or part["plain"] or ""
        if name and self.read_filter(name, value, is_unwanted=bool(part["minus"])):
            self.joins_next = False
        elif name:
            self.remark(_("“%(text)s” was not understood and was searched for as words."), part[0])
            self.read_words(f"{name} {value}", is_phrase=False, is_unwanted=False)
        elif part["quoted"] is None and value.lower() == "or" and self.query.wanted:
            self.joins_next = True
        else:
            self.read_words(value, is_phrase=part["quoted"] is not None, is_unwanted=bool(part["minus"]))

    def read_filter(self, name: str, value: str, is_unwanted: bool) -> bool:
        if is_unwanted and name != "tag":
            return False
        if is_unwanted:
            return self.add(self.query.without_tags, value)
        read: Callable[[str], bool] = getattr(self, f"read_{name}")
        return read(value)

    def read_words(self, value: str, is_phrase: bool, is_unwanted: bool) -> None:
        term = self.term(value, is_prefix=not is_phrase and self.is_prefix(value))
        if not term.tokens:
            return
        if is_unwanted:
            self.query.unwanted.append(term)
        elif self.joins_next:
            self.query.wanted[-1].append(term)
        else:
            self.query.wanted.append([term])
        self.joins_next = False

    def is_prefix(self, value: str) -> bool:
        letters = tokenizer.tokenize(value, language="")[-1:] if value.endswith("*") else []
        if not letters:
            return False
        if len(letters[0]) < MIN_PREFIX_LENGTH:
            self.remark(
                _("“%(text)s” is too short for a prefix search, so it was searched for as a whole word."),
                value,
            )
            return False
        self.prefixes += 1
        if self.prefixes > MAX_PREFIXES:
            self.remark(
                _("“%(text)s” is one prefix too many, so it was searched for as a whole word."), value
            )
        return self.prefixes <= MAX_PREFIXES

    def term(self, value: str, is_prefix: bool = False) -> Term:
        """Tokenize a value. A prefix is not stemmed, but its stem matches too (`running*` finds run)."""
        if not is_prefix:
            return Term(tuple(tokenizer.tokenize(value, self.language)))
        raw = tokenizer.tokenize(value, language="")
        stems = tokenizer.tokenize(value, self.language)
        return Term((*stems[:-1], raw[-1]), is_prefix, stems[-1])

    def read_tag(self, value: str) -> bool:
        return self.add(self.query.tags, value)

    def read_site(self, value: str) -> bool:
        host = re.sub(r"^(https?://)?(www\.)?", "", value.lower()).split("/")[0]
        return bool(re.fullmatch(r"[\w.-]+", host)) and self.add(self.query.sites, host)

    def read_by(self, value: str) -> bool:
        term = self.term(value)
        if term.tokens:
            self.query.by.append(term)
        return bool(term.tokens)

    def read_type(self, value: str) -> bool:
        kind = self.kinds.get(value.lower())
        return kind is not None and self.add(self.query.kinds, kind)

    def read_year(self, value: str) -> bool:
        if not re.fullmatch(r"[0-9]{4}", value) or value == "0000":
            return False
        self.query.year = int(value)
        return True

    def read_from(self, value: str) -> bool:
        day = parse_day(value)
        self.query.first = day or self.query.first
        return day is not None

    def read_to(self, value: str) -> bool:
        day = parse_day(value)
        self.query.last = day or self.query.last
        return day is not None

    def add(self, values: list[str], value: str) -> bool:
        if not value or len(values) >= MAX_VALUES:
            return False
        if value not in values:
            values.append(value)
        return True


def parse_day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else None
    except ValueError:
        return None
