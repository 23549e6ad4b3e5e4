"""One row of a table, and its values as what they mean. Nothing is trusted to be what its column says."""

import re
from datetime import UTC, datetime

from blog.converters import UnicodeSlugConverter

LARGEST_ID = 2**31 - 1

# What no XML document may hold (XML 1.0, 2.2), feeds among them, and no UTF-8 text.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
SURROGATE = re.compile("[\ud800-\udfff]")

SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
SCHEMES = {"http", "https", "ftp", "mailto"}

EMPTY = (None, "", "{}", "[]", 0, {}, [])
NO, YES = {None, 0, "", "0", "f", "false"}, {1, "1", "t", "true"}


class Unloadable(Exception):
    """Why a row cannot be loaded: the rest of a sentence that begins with the row's name."""


class Row:
    """The values of one row, each taken out as it is read. What is left at the end was not carried over."""

    def __init__(self, line, values):
        self.values = values
        self.notes = []
        #: The row's id in its table; where it has none, its line in the file.
        self.name = str(int(values["id"])) if is_id(values.get("id")) else f"line {line}"

    def left(self):
        """The columns that nothing has read although they say something."""
        return [column for column, value in self.values.items() if value not in EMPTY]

    def text(self, column):
        """A text without what no feed could carry; empty where there is none."""
        value = self.values.pop(column, None)
        if value is None:
            return ""
        if isinstance(value, (bool, dict, list)):
            raise Unloadable(f"has no text in {column}")
        text = str(value)
        clean = SURROGATE.sub("\ufffd", ILLEGAL.sub("", text))
        if clean != text:
            self.notes.append(f"had control characters in {column}, which were removed")
        return clean

    def words(self, column):
        """A text of one line, or none."""
        return " ".join(self.text(column).split())

    def url(self, column):
        """An address to the letter, as odd as it may be; but it leads to a page, a file or a mailbox.

        The white space that browsers ignore goes, for it may hide a scheme such as `java script:`.
        """
        url = re.sub(r"[\t\n\r]", "", self.text(column)).strip()
        scheme = SCHEME.match(url)
        if scheme and scheme[1].lower() not in SCHEMES:
            raise Unloadable(f"has {scheme[0]} in {column}, which is no address to link to")
        return url

    def optional_url(self, column):
        """As `url()`, but one that cannot be linked to is left out, and noted."""
        try:
            return self.url(column)
        except Unloadable as error:
            self.notes.append(f"{error}: it was left out")
            return ""

    def flag(self, column):
        value = self.values.pop(column, None)
        if isinstance(value, str):
            value = value.strip().lower()
        if isinstance(value, (dict, list)) or value not in NO | YES:
            raise Unloadable(f"has neither yes nor no in {column}")
        return value in YES

    def reference(self, column):
        """The id of another row, or None."""
        value = self.values.pop(column, None)
        if value is None or value == "":
            return None
        if not is_id(value):
            raise Unloadable(f"has no id in {column}")
        return int(value)

    def moment(self, column):
        """A time in UTC, which is also what a time without a zone is in; None where there is none."""
        text = self.text(column).strip()
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            moment = None
        # On the first and the last days of the calendar some time zones have no local time.
        if moment is None or not 1 < moment.year < 9999:
            raise Unloadable(f"has no time in {column}, but “{text[:40]}”")
        return moment


def is_id(value):
    if isinstance(value, str):
        value = int(value) if re.fullmatch(r"[0-9]{1,10}", value) else None
    return type(value) is int and 1 <= value <= LARGEST_ID


def slug_or_nothing(text, model):
    """The text itself if the model can have it in its address, to the letter."""
    fits = len(text) <= model._meta.get_field("slug").max_length
    return text if fits and re.fullmatch(UnicodeSlugConverter.regex, text) else ""
