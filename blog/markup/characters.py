"""The characters that a stored text may hold."""

import re

# XML 1.0 (fifth edition), section 2.2: tab, newline, carriage return and everything from U+0020, except
# surrogates, U+FFFE and U+FFFF. U+007F to U+009F are allowed there, but discouraged.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NEWLINE = re.compile("\r\n?")


def strip_controls(text: str) -> str:
    """Remove what XML 1.0 (section 2.2) forbids or has no use for, and end lines with a newline alone.

    U+0080 to U+009F are Windows-1252 that somebody took for Latin-1: they become the quotation marks
    and dashes that were meant, as browsers do with `&#147;` (HTML, section 13.2.5.80).
    """
    text = _NEWLINE.sub("\n", text) if "\r" in text else text
    return _UNWANTED.sub(_mend, text)


def _mend(match: re.Match) -> str:
    code = ord(match[0])
    return bytes([code]).decode("cp1252", "ignore") if 0x80 <= code <= 0x9F else ""
