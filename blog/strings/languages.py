"""Properties of a language that follow from its code (RFC 5646)."""

import locale
import re

from django.utils.translation import to_locale

# Primary subtags of the languages that Django knows to be written from right to left.
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "fa", "he", "ug", "ur"})


def direction(code):
    """Return the value of HTML's `dir` attribute: `ltr` or `rtl`."""
    return "rtl" if code.lower().partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def open_graph_locale(code):
    """Return the locale for `og:locale`: `de_AT`, `de_DE` for `de`, "" if the territory is unknown."""
    name = locale.normalize(to_locale(code)).partition(".")[0]
    return name if re.fullmatch(r"[a-z]{2,3}_[A-Z]{2}", name) else ""
