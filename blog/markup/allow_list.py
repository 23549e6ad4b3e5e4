"""The allow-list: the elements and attributes that authors may use. Nothing else is ever stored."""

import re
from collections.abc import Callable

from . import hrefs
from .html_scan import names

PHRASING = names(
    "a abbr b bdi bdo br cite code data del dfn em i img ins kbd mark meter progress q rb rp rt rtc ruby s "
    "samp small span strong sub sup time u var wbr"
)
ELEMENTS = PHRASING | names(
    # blocks
    "address article aside blockquote dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header "
    "hgroup hr li nav ol p pre section summary ul "
    # tables
    "caption col colgroup table tbody td tfoot th thead tr "
    # pictures, sound and film; the host of an iframe is checked besides
    "area audio iframe map picture source track video "
    # the site's own elements; a textarea stays only inside markdown-copy
    "captioned-image-gallery click-to-play github-code image-gallery lite-youtube markdown-copy textarea"
)

_EVERYWHERE = names("class dir hidden id lang role title translate")
_ATTRIBUTES = {
    "a": "download href hreflang rel type",
    "area": "alt coords download href rel shape",
    "audio": "controls loop muted preload src",
    "blockquote": "cite",
    "captioned-image-gallery": "max-row-items show-counter",
    "click-to-play": "min-loading",
    "col": "span",
    "colgroup": "span",
    "data": "value",
    "del": "cite datetime",
    "details": "name open",
    "github-code": "href",
    "iframe": "allowfullscreen height loading referrerpolicy sandbox src width",
    "image-gallery": "width",
    "img": "alt decoding fetchpriority height ismap loading longdesc sizes src srcset usemap width",
    "ins": "cite datetime",
    "li": "value",
    "lite-youtube": "js-api params playlabel videoid",
    "map": "name",
    "meter": "high low max min optimum value",
    "ol": "reversed start type",
    "progress": "max value",
    "q": "cite",
    "source": "height media sizes src srcset type width",
    "td": "abbr colspan headers rowspan",
    "th": "abbr colspan headers rowspan scope",
    "time": "datetime",
    "track": "default kind label src srclang",
    "video": "autoplay controls height loop muted playsinline poster preload src width",
}
_ATTRIBUTES = {element: names(attributes) for element, attributes in _ATTRIBUTES.items()}
_NONE: frozenset[str] = frozenset()
_PREFIXED = re.compile(r"(?:data|aria)-[a-z0-9][a-z0-9_.-]*")


def attribute_rule(iframe_hosts: frozenset[str]) -> Callable[[str, str, str], bool]:
    """The question that bleach asks of each attribute: may this element have it, with this value?

    Bleach itself goes on to check the schemes of href, src, cite, poster and longdesc.
    """

    def is_allowed(element: str, name: str, value: str) -> bool:
        if name in _EVERYWHERE:
            return True
        if name.startswith(("data-", "aria-")):
            return bool(_PREFIXED.fullmatch(name)) and not hrefs.runs_script(value)
        if name not in _ATTRIBUTES.get(element, _NONE):
            return False
        return _is_good(element, name, value, iframe_hosts)

    return is_allowed


def _is_good(element: str, name: str, value: str, iframe_hosts: frozenset[str]) -> bool:
    if name == "srcset":
        return not any(map(_unfit_for_media, re.split(r"[\s,]+", value)))
    if element == "iframe" and name == "src":
        return hrefs.https_host(value) in iframe_hosts
    return hrefs.is_web(value) if element == "github-code" else True


def _unfit_for_media(url: str) -> bool:
    return hrefs.has_scheme(url) and not hrefs.is_web(url)
