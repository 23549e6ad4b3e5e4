"""Inline styles to classes. Public pages forbid inline styles; declarations without a class are dropped."""

import re
from functools import lru_cache

import tinycss2

CLASSES = {
    ("text-align", "left"): "align-left",
    ("text-align", "right"): "align-right",
    ("text-align", "center"): "align-center",
    ("float", "left"): "float-left",
    ("float", "right"): "float-right",
    ("clear", "both"): "clear",
    ("clear", "left"): "clear",
    ("clear", "right"): "clear",
    ("text-decoration", "underline"): "underline",
    ("text-decoration", "line-through"): "line-through",
    ("text-transform", "uppercase"): "uppercase",
    ("font-style", "italic"): "italic",
    ("font-weight", "bold"): "bold",
    ("font-weight", "bolder"): "bold",
    ("font-weight", "600"): "bold",
    ("font-weight", "700"): "bold",
    ("font-variant", "small-caps"): "small-caps",
    ("font-family", "monospace"): "monospace",
    ("font-size", "small"): "smaller",
    ("font-size", "smaller"): "smaller",
    ("font-size", "x-small"): "smaller",
    ("font-size", "large"): "larger",
    ("font-size", "larger"): "larger",
    ("font-size", "x-large"): "larger",
    ("background-color", "yellow"): "marked",
    ("background", "yellow"): "marked",
    ("max-width", "100%"): "fit-width",
    ("width", "100%"): "full-width",
    ("white-space", "nowrap"): "nowrap",
    ("white-space", "pre-wrap"): "pre-wrap",
    ("word-break", "break-all"): "break-anywhere",
    ("word-break", "break-word"): "break-anywhere",
    ("overflow-wrap", "anywhere"): "break-anywhere",
    ("overflow-wrap", "break-word"): "break-anywhere",
    ("list-style", "none"): "plain-list",
    ("list-style-type", "none"): "plain-list",
}
# The obsolete `align` attribute floats these elements, and aligns the text of all others.
FLOATED = frozenset({"img", "table", "iframe", "video", "object", "hr"})

_PIXELS = re.compile(r"(\d{1,4})(?:\.\d+)?px")
_PERCENT = re.compile(r"(\d{1,2})(?:\.\d+)?%")
_RELATIVE_SIZE = re.compile(r"(\d*\.?\d+)(?:em|rem)|(\d+)%")
_MAX_LENGTH = 1000


@lru_cache(maxsize=1024)
def translate(style: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the classes, and the attributes (`width`, `height`, `hidden`), that replace an inline style."""
    classes: list[str] = []
    attributes: dict[str, str] = {}
    for name, value in _declarations(style):
        if name in ("width", "height") and (pixels := _PIXELS.fullmatch(value)):
            attributes[name] = pixels[1]
        elif (name, value) == ("display", "none"):
            attributes["hidden"] = ""
        else:
            classes.append(CLASSES.get((name, value)) or _class_for_measure(name, value))
    return tuple(dict.fromkeys(filter(None, classes))), attributes


def align(tag: str, value: str) -> str:
    """Return the class for the obsolete `align` attribute; "" if there is none."""
    value = value.strip().lower()
    if tag not in FLOATED:
        return CLASSES.get(("text-align", value), "")
    return "centered" if value in ("center", "middle") else CLASSES.get(("float", value), "")


def _declarations(style: str) -> list[tuple[str, str]]:
    if len(style) > _MAX_LENGTH:
        return []
    return [
        (node.lower_name, " ".join(tinycss2.serialize(node.value).lower().split()))
        for node in tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
        if node.type == "declaration"
    ]


def _class_for_measure(name: str, value: str) -> str:
    """Return the class for a numeric value: width to the nearest tenth, font size, automatic margins."""
    if name == "width" and (percent := _PERCENT.fullmatch(value)):
        tenth = 10 * max(1, min(9, round(int(percent[1]) / 10)))
        return f"width-{tenth}"
    if name == "font-size" and (size := _RELATIVE_SIZE.fullmatch(value)):
        factor = float(size[1]) if size[1] else int(size[2]) / 100
        return "smaller" if factor < 1 else "larger" if factor > 1 else ""
    return "centered" if name in ("margin", "margin-left") and "auto" in value.split() else ""
