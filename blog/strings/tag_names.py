"""Names of tags: as authors type them into one field, which of them work, and their slugs. Pure functions."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

MAX_NAME_LENGTH = 100
MAX_SLUG_LENGTH = 90  # which leaves room for a number

#: A name in quotes, in which two quotes stand for one; a run without quotes; a quote that nothing closes.
PART = re.compile(r'"((?:[^"]|"")*)"|([^"]+)|"')


def parse(text):
    """The names in the text, between commas, each once, sorted. What is in double quotes is one name.

    As django-taggit parses it, with two exceptions. Where there is no comma, spaces separate nothing:
    “machine learning” is one name. And a name can have a double quote in it: `"5"" disk"`.
    """
    parts = list(PART.finditer(text or ""))
    quoted = [part[1].replace('""', '"') for part in parts if part[1]]
    loose = [name for part in parts if part[2] for name in part[2].split(",")]
    return sorted({name.strip() for name in [*quoted, *loose]} - {""})


def edit_string(names):
    """A text that `parse()` makes the same names of."""
    return ", ".join(sorted(map(quote, names)))


def edit_string_for_tags(tags):
    return edit_string(tag.name for tag in tags)


def quote(name):
    return '"' + name.replace('"', '""') + '"' if set(name) & set(',"') else name


def validate(name):
    """Refuse a name that cannot work: too long for the database, or not fit for XML (XML 1.0, 2.2)."""
    if len(name) > MAX_NAME_LENGTH:
        text = _("“%(name)s…” is longer than %(number)d characters.")
        raise ValidationError(text % {"name": name[:30], "number": MAX_NAME_LENGTH}, code="long")
    if any(map(is_control, name)):
        shown = "".join("\N{REPLACEMENT CHARACTER}" if is_control(char) else char for char in name)
        raise ValidationError(
            _("“%(name)s” has a control character in it.") % {"name": shown}, code="control"
        )


def is_control(char):
    return unicodedata.category(char) in {"Cc", "Cs"} or char in "\ufffe\uffff"


def tag_slug(name):
    """As taggit makes it, but C++ and C# keep their names apart from C. Empty for a name without letters."""
    slug = slugify(name.replace("+", " plus ").replace("#", " sharp "), allow_unicode=True)
    return slug[:MAX_SLUG_LENGTH].strip("-_")
