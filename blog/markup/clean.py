"""HTML of any kind to HTML that is safe, balanced and free of inline styles.

Parsed once (bleach's parser, after the HTML standard), rewritten in the tree, and let through bleach's
sanitizer, which has the last word, on the way to text again.
"""

from . import allow_list, hrefs
from .html5 import Filter, Gate, parser, serializer, tokens
from .rewrite import Page, rewrite
from .typography import typeset_tree


def clean(
    html: str,
    iframe_hosts: frozenset[str] = frozenset(),
    *,
    typographic: bool = False,
    anchors: bool = False,
    show_unknown_tags: bool = False,
    inline: bool = False,
) -> str:
    """Return safe HTML, every element closed, attributes in double quotes, entities as characters.

    `anchors` gives headings ids and pictures captions; `show_unknown_tags` shows tags that HTML has never
    had as they were typed instead of dropping them; `inline` leaves no block elements. Raises TooComplex.
    """
    iframe_hosts = frozenset(map(str.lower, iframe_hosts))
    tree = parser(show_unknown_tags).parseFragment(html, scripting=False)
    rewrite(tree, Page(iframe_hosts, anchors))
    if typographic:
        typeset_tree(tree)
    allowed = Gate(
        tokens(tree),
        allowed_tags=allow_list.ELEMENTS,
        attributes=allow_list.attribute_rule(iframe_hosts),
        allowed_protocols=hrefs.SCHEMES,
        strip_disallowed_tags=True,
    )
    return serializer().render(Inline(allowed) if inline else allowed)


class Inline(Filter):
    """Leaves phrasing content only, with a line break where a block begins or ends between two texts."""

    def __iter__(self):
        begun, broken = False, False
        for token in super().__iter__():
            if token["type"] == "Comment" or (broken and _is_blank(token)):
                continue
            if token.get("name", "br") not in allow_list.PHRASING:
                broken = begun
                continue
            if broken and token["type"] != "EndTag":
                yield {"type": "EmptyTag", "name": "br", "data": {}}
                broken = False
            begun = begun or (token["type"] == "Characters" and not _is_blank(token))
            yield token


def _is_blank(token: dict) -> bool:
    return token["type"] == "Characters" and not token["data"].strip()
