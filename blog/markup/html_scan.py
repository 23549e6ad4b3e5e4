"""Sets of HTML element names, and a regular-expression scanner for the tags of rendered HTML."""

import html
import re
from collections.abc import Callable, Iterator


def names(text: str) -> frozenset[str]:
    """Split a list of names at its spaces. Long lists read better without quotes around each name."""
    return frozenset(text.split())


VOID = names("area base br col embed hr img input link meta param source track wbr")
HEADINGS = names("h1 h2 h3 h4 h5 h6")
# A line of text continues across these elements; every other element ends it.
INLINE = names(
    "a abbr b bdi bdo big cite code data del dfn em font i img ins kbd label mark meter nobr progress q "
    "rb rp rt ruby s samp small span strike strong sub sup time tt u var wbr"
)
# Their text is never typeset.
LITERAL = names("pre code samp kbd textarea script style")

CUTOFF = re.compile(r"<!--\s*cutoff\s*-->")
TAG = re.compile(
    r"<!--.*?-->"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*)(?P<attributes>[^\"'>]*(?:(?:\"[^\"]*\"|'[^']*')[^\"'>]*)*)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"(?P<space>\s+)(?P<name>[^\s\"'<>/=]+)"
    r"(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'=<>`]+)))?"
)


def edit_attributes(tag: re.Match[str], edit: Callable[[str, str], str | None]) -> str:
    """Return the tag with each attribute's value replaced by `edit(name, value)`; None drops the attribute.

    Values are passed to `edit` with their character references resolved, and escaped again afterwards.
    """

    def replace(match: re.Match[str]) -> str:
        value = next((v for v in match.group("double", "single", "bare") if v is not None), None)
        if value is None:
            return match[0]
        old = html.unescape(value)
        new = edit(match["name"].lower(), old)
        if new == old:
            return match[0]
        return "" if new is None else f'{match["space"]}{match["name"]}="{html.escape(new)}"'

    return f"<{tag['name']}{_ATTRIBUTE.sub(replace, tag['attributes'])}>"


def elements(source: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield each tag with its depth, the number of elements open around it (the same for an end tag)."""
    depth = 0
    for tag in TAG.finditer(source):
        if tag["name"] is None or tag["name"].lower() in VOID:
            yield tag, depth
        elif tag["end"]:
            depth -= 1
            yield tag, depth
        else:
            yield tag, depth
            depth += 1
