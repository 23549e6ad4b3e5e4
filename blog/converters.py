"""Parts of URLs. What is not a date never reaches a view."""

from datetime import date

from django.urls import register_converter

from blog.strings.image_names import NAME_PATTERN

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class YearConverter:
    """`2024` and the first day of that year. Any date of the year makes the same URL."""

    regex = r"[0-9]{4}"

    def to_python(self, value):
        return date(int(value), 1, 1)

    def to_url(self, value):
        return f"{value.year:04}"


class MonthConverter:
    """`2024/Jun` and the first day of that month. Reads any case, writes the canonical one."""

    regex = r"[0-9]{4}/[A-Za-z]{3}"

    def to_python(self, value):
        year, month = value.split("/")
        return date(int(year), MONTHS.index(month.capitalize()) + 1, 1)

    def to_url(self, value):
        return f"{value.year:04}/{MONTHS[value.month - 1]}"


class DayConverter:
    """`2024/Jun/8` and that day. Reads leading zeros, writes none."""

    regex = r"[0-9]{4}/[A-Za-z]{3}/[0-9]{1,2}"

    def to_python(self, value):
        month, _, day = value.rpartition("/")
        return MonthConverter().to_python(month).replace(day=int(day))

    def to_url(self, value):
        return f"{MonthConverter().to_url(value)}/{value.day}"


class SlugConverter:
    """As Django's, but letters of every language are letters."""

    regex = r"[-\w]+"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class TagsConverter(SlugConverter):
    """One or more tag slugs with `+` between them."""

    regex = r"[-\w]+(?:\+[-\w]+)*"

    def to_python(self, value):
        return value.split("+")

    def to_url(self, value):
        return value if isinstance(value, str) else "+".join(value)


class HostConverter(SlugConverter):
    """The name of a host, or its number."""

    regex = r"[-\w.:]{1,253}"


class UsernameConverter(SlugConverter):
    """A username as Django validates it."""

    regex = r"[\w.@+-]{1,150}"


class ImageConverter(SlugConverter):
    """The name of one of the author's pictures, with its folder: nothing that could lead elsewhere."""

    regex = NAME_PATTERN


for name, converter in {
    "year": YearConverter,
    "month": MonthConverter,
    "day": DayConverter,
    "name": SlugConverter,
    "tags": TagsConverter,
    "host": HostConverter,
    "username": UsernameConverter,
    "picture": ImageConverter,
}.items():
    register_converter(converter, name)
