"""The query language: what somebody typed, as clauses that either database can answer.

    words "a phrase" -word word* one or other
    tag:django -tag:python type:entry year:2024 from:2024-06-01 to:2024-06-30
    site:example.com by:"Some Body"

Nothing is an error. What cannot be understood is searched as words, and `Query.remarks` says so.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from blog.strings import tokenizer

MAX_QUERY_LENGTH = 500
MOST_TERMS = 24
MOST_TAGS = 5
#: For a shorter one, or for many, a database would read a large part of its index.
SHORTEST_PREFIX = 2
MOST_PREFIXES = 4

#: What is typed, part by part. After a name and its colon there may be nothing.
PART = re.compile(
    r"(?P<minus>-)?(?:(?P<name>tag|type|year|from|to|site|by):)?"
    r"(?:\"(?P<quoted>[^\"]*)\"?|(?P<plain>[^\s\"]+)|(?(name)|(?!)))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Term:
    """Tokens that stand next to each other; with `is_prefix`, the last one may go on."""

    tokens: tuple[str, ...]
    is_prefix: bool = False
    stem: str = ""

    @property
    def stemmed(self):
        """The tokens with the stem of the last one: the other way in which a prefix matches."""
        return (*self.tokens[:-1], self.stem)


@dataclass
class Query:
    """Posts that match one term of every group in `wanted`, none of `unwanted`, and the filters."""

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
    def has_words(self):
        return bool(self.wanted or self.unwanted or self.by)

    @property
    def wants_words(self):
        """Whether what is found has words that are named. It may be enough that it lacks some."""
        return bool(self.wanted or self.by)

    @property
    def days(self):
        """The first and the last day that anything found can be of; None where there is no such bound."""
        firsts, lasts = [self.first], [self.last]
        if self.year and 0 < self.year < 10_000:
            months = (self.month, self.month) if self.month else (1, 12)
            firsts.append(date(self.year, months[0], 1))
            lasts.append(date(self.year, months[1], monthrange(self.year, months[1])[1]))
        return max(filter(None, firsts), default=None), min(filter(None, lasts), default=None)

    @property
    def has_filters(self):
        lists = (self.tags, self.without_tags, self.kinds, self.unknown_kinds, self.sites)
        return any((*lists, self.year, self.month, self.first, self.last))

    @property
    def is_empty(self):
        return not (self.has_words or self.has_filters)


class Parser:
    """Reads one text. Each `read_<name>` answers whether it could use the value.

    `kinds` are the kinds of post by what they may be called, in lower case.
    """

    def __init__(self, kinds, language="en"):
        self.kinds = kinds
        self.language = language

    def parse(self, text):
        text = text.replace("\x00", " ")
        self.query = query = Query(text=text[:MAX_QUERY_LENGTH].strip())
        if len(text) > MAX_QUERY_LENGTH:
            text = _("Only the first %(number)d characters were searched for.")
            query.remarks.append(text % {"number": MAX_QUERY_LENGTH})
        self.joins_next = False
        self.prefixes = 0
        parts = list(PART.finditer(query.text))
        for part in parts[:MOST_TERMS]:
            self.read(part)
        if len(parts) > MOST_TERMS:
            text = _("Only the first %(number)d terms were searched for.")
            query.remarks.append(text % {"number": MOST_TERMS})
        return query

    def remark(self, sentence, text):
        self.query.remarks.append(sentence % {"text": text})

    def read(self, part):
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

    def read_filter(self, name, value, is_unwanted):
        if is_unwanted and name != "tag":
            return False
        if is_unwanted:
            return self.add(self.query.without_tags, value)
        return getattr(self, f"read_{name}")(value)

    def read_words(self, value, is_phrase, is_unwanted):
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

    def is_prefix(self, value):
        letters = tokenizer.tokenize(value, language="")[-1:] if value.endswith("*") else []
        if not letters:
            return False
        if len(letters[0]) < SHORTEST_PREFIX:
            self.remark(_("“%(text)s” is too short a beginning and was searched for as a word."), value)
            return False
        self.prefixes += 1
        if self.prefixes > MOST_PREFIXES:
            self.remark(_("“%(text)s” is one beginning too many and was searched for as a word."), value)
        return self.prefixes <= MOST_PREFIXES

    def term(self, value, is_prefix=False):
        """The prefix is not stemmed: the stem is another way to match (`running*` finds run)."""
        if not is_prefix:
            return Term(tuple(tokenizer.tokenize(value, self.language)))
        raw = tokenizer.tokenize(value, language="")
        stems = tokenizer.tokenize(value, self.language)
        return Term((*stems[:-1], raw[-1]), is_prefix, stems[-1])

    def read_tag(self, value):
        return self.add(self.query.tags, value)

    def read_site(self, value):
        host = re.sub(r"^(https?://)?(www\.)?", "", value.lower()).split("/")[0]
        return bool(re.fullmatch(r"[\w.-]+", host)) and self.add(self.query.sites, host)

    def read_by(self, value):
        term = self.term(value)
        return bool(term.tokens) and not self.query.by.append(term)

    def read_type(self, value):
        kind = self.kinds.get(value.lower())
        return bool(kind) and self.add(self.query.kinds, kind)

    def read_year(self, value):
        if not re.fullmatch(r"[0-9]{4}", value) or value == "0000":
            return False
        self.query.year = int(value)
        return True

    def read_from(self, value):
        self.query.first = parse_day(value) or self.query.first
        return parse_day(value) is not None

    def read_to(self, value):
        self.query.last = parse_day(value) or self.query.last
        return parse_day(value) is not None

    def add(self, values, value):
        if not value or len(values) >= MOST_TAGS:
            return False
        if value not in values:
            values.append(value)
        return True


def parse_day(value):
    try:
        return date.fromisoformat(value) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else None
    except ValueError:
        return None
