"""Tag names: parsing the field that authors type them into, validation, and slugs."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

MAX_NAME_LENGTH = 100
MAX_SLUG_LENGTH = 90  # leaves room for a number that makes it unique

# A quoted name, in which a doubled quote stands for one; a run without quotes; an unclosed quote.
PART = re.compile(r'"((?:[^"]|"")*)"|([^"]+)|"')


def parse(text):
    """Return the distinct names in a comma-separated text, sorted. Double quotes enclose one name.

    Parses like django-taggit, with two exceptions: a text without commas is one name (“machine learning”),
    and a quoted name may contain doubled quotes (`"5"" disk"`).
    """
    parts = list(PART.finditer(text or ""))
    quoted = [part[1].replace('""', '"') for part in parts if part[1]]
    loose = [name for part in parts if part[2] for name in part[2].split(",")]
    return sorted({name.strip() for name in [*quoted, *loose]} - {""})


def edit_string(names):
    """Write names so that `parse()` returns them."""
    return ", ".join(sorted(map(quote, names)))


def edit_string_for_tags(tags):
    return edit_string(tag.name for tag in tags)


def quote(name):
    return '"' + name.replace('"', '""') + '"' if set(name) & set(',"') else name


def validate(name):
    """Raise ValidationError if a name is too long or has characters that XML 1.0 (section 2.2) forbids."""
    if len(name) > MAX_NAME_LENGTH:
        text = _("“%(name)s…” is too long: a tag can have at most %(number)d characters.")
        raise ValidationError(text % {"name": name[:30], "number": MAX_NAME_LENGTH}, code="long")
    if any(map(is_control, name)):
        shown = "".join("\N{REPLACEMENT CHARACTER}" if is_control(char) else char for char in name)
        raise ValidationError(
            _("“%(name)s” contains a control character. Remove it.") % {"name": shown}, code="control"
        )


def is_control(char):
    return unicodedata.category(char) in {"Cc", "Cs"} or char in "\ufffe\uffff"


def tag_slug(name):
    """Return the slug of a name, C++ and C# distinct from C; "" if the name has no letters or digits."""
    slug = slugify(name.replace("+", " plus ").replace("#", " sharp "), allow_unicode=True)
    return slug[:MAX_SLUG_LENGTH].strip("-_")
