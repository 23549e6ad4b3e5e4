"""Groups of HTML elements, and scanning finished HTML for tags with regular expressions."""

import html
import re
from collections.abc import Callable, Iterator


def names(text: str) -> frozenset[str]:
    """The words of a text as a set: lists of names read better without a quote around each."""
    return frozenset(text.split())


VOID = names("area base br col embed hr img input link meta param source track wbr")
HEADINGS = names("h1 h2 h3 h4 h5 h6")
# Text goes on across these; before and after every other element it breaks.
INLINE = names(
    "a abbr b bdi bdo big cite code data del dfn em font i img ins kbd label mark meter nobr progress q "
    "rb rp rt ruby s samp small span strike strong sub sup time tt u var wbr"
)
# Text in these is what it is, to the letter.
LITERAL = names("pre code samp kbd textarea script style")


TAG = re.compile(
    r"<!--.*?-->"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*)(?P<attributes>[^\"'>]*(?:(?:\"[^\"]*\"|'[^']*')[^\"'>]*)*)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"(?P<space>\s+)(?P<name>[^\s\"'<>/=]+)"
    r"(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'=<>`]+)))?"
)
CUTOFF = re.compile(r"<!--\s*cutoff\s*-->")


def edit_attributes(tag: re.Match, edit: Callable[[str, str], str | None]) -> str:
    """Return the tag with each attribute's value replaced by `edit(name, value)`; None drops the attribute.

    Values are given and taken without character references.
    """

    def replace(match: re.Match) -> str:
        value = next((v for v in match.group("double", "single", "bare") if v is not None), None)
        if value is None:
            return match[0]
        old = html.unescape(value)
        new = edit(match["name"].lower(), old)
        if new == old:
            return match[0]
        return "" if new is None else f'{match["space"]}{match["name"]}="{html.escape(new)}"'

    return f"<{tag['name']}{_ATTRIBUTE.sub(replace, tag['attributes'])}>"


def elements(source: str) -> Iterator[tuple[re.Match, int]]:
    """Yield the tags with how many elements are open outside each: the same for both tags of an element."""
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
