"""Arbitrary HTML to safe, balanced HTML without inline styles.

bleach's parser (which follows the HTML standard) builds a tree, `rewrite` converts old markup in it, and
bleach's sanitizer filters the tokens that are serialized. The sanitizer runs last, so that no other step has
to be trusted.
"""

from collections.abc import Iterator

from . import allow_list, hrefs
from .html5 import Filter, Sanitizer, Token, parser, serializer, tokens
from .rewrite import RewriteContext, rewrite
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
    """Return safe HTML: every element closed, attributes in double quotes, character references resolved.

    `anchors` gives headings ids and images captions. `show_unknown_tags` shows tags that HTML never had as
    text instead of dropping them. `inline` removes block elements. Raises TooComplex.
    """
    iframe_hosts = frozenset(map(str.lower, iframe_hosts))
    tree = parser(show_unknown_tags).parseFragment(html, scripting=False)
    rewrite(tree, RewriteContext(iframe_hosts, anchors))
    if typographic:
        typeset_tree(tree)
    allowed = Sanitizer(
        tokens(tree),
        allowed_tags=allow_list.ELEMENTS,
        attributes=allow_list.attribute_filter(iframe_hosts),
        allowed_protocols=hrefs.SCHEMES,
        strip_disallowed_tags=True,
    )
    result: str = serializer().render(Inline(allowed) if inline else allowed)
    return result


class Inline(Filter):
    """Token filter that keeps phrasing content only, with a line break where a block separated two texts."""

    def __iter__(self) -> Iterator[Token]:
        has_text, needs_break = False, False
        for token in super().__iter__():
            if token["type"] == "Comment" or (needs_break and _is_blank(token)):
                continue
            if token.get("name", "br") not in allow_list.PHRASING:
                needs_break = has_text
                continue
            if needs_break and token["type"] != "EndTag":
                yield {"type": "EmptyTag", "name": "br", "data": {}}
                needs_break = False
            has_text = has_text or (token["type"] == "Characters" and not _is_blank(token))
            yield token


def _is_blank(token: Token) -> bool:
    return token["type"] == "Characters" and not token["data"].strip()
