"""What follows from the code of a language (RFC 5646)."""

import locale
import re

from django.conf import settings
from django.utils.translation import to_locale


def direction(code):
    """Which way it is written: `ltr` or `rtl`."""
    return "rtl" if code.lower().partition("-")[0] in settings.LANGUAGES_BIDI else "ltr"


def open_graph_locale(code):
    """`de_AT`, and `de_DE` for `de`, as Open Graph names languages; empty where no territory is known."""
    name = locale.normalize(to_locale(code)).partition(".")[0]
    return name if re.fullmatch(r"[a-z]{2,3}_[A-Z]{2}", name) else ""
