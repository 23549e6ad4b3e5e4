"""Path converters. Dates that don't exist never reach a view."""

from datetime import date

from django.urls import register_converter

from blog.strings.image_names import NAME_PATTERN

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class YearConverter:
    """Convert `2024` to the first day of that year. Any date of the year makes the same URL."""

    regex = r"[0-9]{4}"

    def to_python(self, value):
        return date(int(value), 1, 1)

    def to_url(self, value):
        return f"{value.year:04}"


class MonthConverter:
    """Convert `2024/Jun` to the first day of that month. Accepts any case and writes the canonical one."""

    regex = r"[0-9]{4}/[A-Za-z]{3}"

    def to_python(self, value):
        year, month = value.split("/")
        return date(int(year), MONTHS.index(month.capitalize()) + 1, 1)

    def to_url(self, value):
        return f"{value.year:04}/{MONTHS[value.month - 1]}"


class DayConverter:
    """Convert `2024/Jun/8` to that day. Accepts leading zeros and writes none."""

    regex = r"[0-9]{4}/[A-Za-z]{3}/[0-9]{1,2}"

    def to_python(self, value):
        month, _, day = value.rpartition("/")
        return MonthConverter().to_python(month).replace(day=int(day))

    def to_url(self, value):
        return f"{MonthConverter().to_url(value)}/{value.day}"


class UnicodeSlugConverter:
    """Like Django's slug converter, with letters of every script."""

    regex = r"[-\w]+"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class TagsConverter(UnicodeSlugConverter):
    """Convert tag slugs joined by `+` to a list."""

    regex = r"[-\w]+(?:\+[-\w]+)*"

    def to_python(self, value):
        return value.split("+")

    def to_url(self, value):
        return value if isinstance(value, str) else "+".join(value)


class HostConverter(UnicodeSlugConverter):
    """A host name or IP address, with its port if it has one."""

    regex = r"[-\w.:]{1,253}"


class UsernameConverter(UnicodeSlugConverter):
    """A username as Django validates it."""

    regex = r"[\w.@+-]{1,150}"


class ImageConverter(UnicodeSlugConverter):
    """The file name of an uploaded image with its folder. Matches no path outside the media folder."""

    regex = NAME_PATTERN


for name, converter in {
    "year": YearConverter,
    "month": MonthConverter,
    "day": DayConverter,
    "uslug": UnicodeSlugConverter,
    "tags": TagsConverter,
    "host": HostConverter,
    "username": UsernameConverter,
    "image": ImageConverter,
}.items():
    register_converter(converter, name)
