"""The field for tags: names as they are typed, separated by commas."""

import csv

from django import forms
from django.core.exceptions import ValidationError
from taggit import forms as taggit

from blog.models import Tag

LONGEST = Tag._meta.get_field("name").max_length


def split(text):
    """The names in their order, each once. A name with a comma in it stands in double quotes.

    taggit's own reading takes spaces for separators where there is no comma: “machine
    learning” would be two tags.
    """
    [names] = csv.reader([" ".join(text.split())], skipinitialspace=True)
    return list(dict.fromkeys(filter(None, map(str.strip, names))))


def join(names):
    """What `split()` reads as these names."""
    return ", ".join(quoted(name) if set(name) & set(',"') else name for name in names)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


class TagWidget(taggit.TagWidget):
    def format_value(self, value):
        typed = value is None or isinstance(value, str)
        return super().format_value(value if typed else join(tag.name for tag in value))


class TagField(taggit.TagField):
    widget = TagWidget

    def clean(self, value):
        names = split(forms.CharField.clean(self, value))
        for name in names:
            if len(name) > LONGEST:
                raise ValidationError(f"“{name[:20]}…” has more than {LONGEST} characters.")
        return sorted(names)
