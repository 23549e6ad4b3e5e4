"""One row of a table, and typed access to its values. No value is trusted to be what its column says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model

from blog.converters import UnicodeSlugConverter

MAX_ID = 2**31 - 1

# Characters that XML documents, such as feeds, cannot contain (XML 1.0, 2.2), and those UTF-8 cannot encode.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
SURROGATE = re.compile("[\ud800-\udfff]")

SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
SCHEMES = {"http", "https", "ftp", "mailto"}

EMPTY: tuple[Any, ...] = (None, "", "{}", "[]", 0, {}, [])
FALSE, TRUE = {None, 0, "", "0", "f", "false"}, {1, "1", "t", "true"}


class InvalidRow(Exception):
    """The reason why a row cannot be loaded, as the rest of a sentence that begins with the row's name."""


class Row:
    """The values of one row. Each is removed when it is read; those that remain were not imported."""

    def __init__(self, line: int, values: dict[str, Any]) -> None:
        self.values = values
        self.notes: list[str] = []
        #: The row's id in its table, or its line in the file if it has none.
        self.name = str(int(values["id"])) if is_id(values.get("id")) else f"line {line}"

    def unread_columns(self) -> list[str]:
        """Return the columns that still have a value."""
        return [column for column, value in self.values.items() if value not in EMPTY]

    def text(self, column: str) -> str:
        """Return a text without the characters that a feed cannot contain; empty if there is none."""
        value = self.values.pop(column, None)
        if value is None:
            return ""
        if isinstance(value, (bool, dict, list)):
            raise InvalidRow(f"has a value in {column} that is not text")
        text = str(value)
        clean = SURROGATE.sub("\ufffd", ILLEGAL.sub("", text))
        if clean != text:
            self.notes.append(f"had control characters in {column}, which were removed")
        return clean

    def line(self, column: str) -> str:
        """Return a text with its white space collapsed."""
        return " ".join(self.text(column).split())

    def url(self, column: str) -> str:
        """Return a URL unchanged, however odd, if its scheme can be linked to; empty if there is none.

        White space that browsers ignore is removed, since it could hide a scheme, as in `java script:`.
        """
        url = re.sub(r"[\t\n\r]", "", self.text(column)).strip()
        scheme = SCHEME.match(url)
        if scheme and scheme[1].lower() not in SCHEMES:
            raise InvalidRow(f"has a {scheme[0]} URL in {column}, which cannot be linked to")
        return url

    def optional_url(self, column: str) -> str:
        """Return `url()`, but leave out and note a URL that cannot be linked to."""
        try:
            return self.url(column)
        except InvalidRow as error:
            self.notes.append(f"{error}; it was left out")
            return ""

    def flag(self, column: str) -> bool:
        value = self.values.pop(column, None)
        if isinstance(value, str):
            value = value.strip().lower()
        if isinstance(value, (dict, list)) or value not in FALSE | TRUE:
            raise InvalidRow(f"has neither true nor false in {column}")
        return value in TRUE

    def reference(self, column: str) -> int | None:
        """Return the id of another row, or None."""
        value = self.values.pop(column, None)
        if value is None or value == "":
            return None
        if not is_id(value):
            raise InvalidRow(f"has no valid id in {column}")
        return int(value)

    def moment(self, column: str) -> datetime | None:
        """Return a time in UTC, or None. A time without an offset is taken as UTC."""
        text = self.text(column).strip()
        if not text:
            return None
        moment: datetime | None
        try:
            moment = datetime.fromisoformat(text)
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            moment = None
        # The first and last days of the calendar have no local time in some time zones.
        if moment is None or not 1 < moment.year < 9999:
            raise InvalidRow(f"has no valid time in {column}: “{text[:40]}”")
        return moment


def is_id(value: object) -> bool:
    if isinstance(value, str):
        value = int(value) if re.fullmatch(r"[0-9]{1,10}", value) else None
    return type(value) is int and 1 <= value <= MAX_ID


def slug_or_nothing(text: str, model: type[Model]) -> str:
    """Return the text unchanged if it is a valid slug of the model, otherwise an empty string."""
    fits = len(text) <= getattr(model._meta.get_field("slug"), "max_length", 0)
    return text if fits and re.fullmatch(UnicodeSlugConverter.regex, text) else ""
