"""The elements and attributes that authors may use. Everything else is removed before a text is stored."""

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
    # media; an iframe's host is checked as well
    "area audio iframe map picture source track video "
    # custom elements; a textarea is only allowed inside markdown-copy
    "captioned-image-gallery click-to-play github-code image-gallery lite-youtube markdown-copy textarea"
)

_GLOBAL_ATTRIBUTES = names("class dir hidden id lang role title translate")
_ATTRIBUTES_BY_ELEMENT = {
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
_ALLOWED = {element: names(attributes) for element, attributes in _ATTRIBUTES_BY_ELEMENT.items()}
_NONE: frozenset[str] = frozenset()
_URL_ATTRIBUTES = names("href src cite poster longdesc")
_DATA_OR_ARIA = re.compile(r"(?:data|aria)-[a-z0-9][a-z0-9_.-]*")


def attribute_filter(iframe_hosts: frozenset[str]) -> Callable[[str, str, str], bool]:
    """Build bleach's attribute filter, a function of element, attribute name and value.

    bleach itself then checks the schemes of href, src, cite, poster and longdesc. It takes a scheme that only
    digits follow for a host with a port.
    """

    def is_allowed(element: str, name: str, value: str) -> bool:
        if name in _GLOBAL_ATTRIBUTES:
            return True
        if name.startswith(("data-", "aria-")):
            return bool(_DATA_OR_ARIA.fullmatch(name)) and not hrefs.runs_script(value)
        if name not in _ALLOWED.get(element, _NONE):
            return False
        return _is_value_allowed(element, name, value, iframe_hosts)

    return is_allowed


def _is_value_allowed(element: str, name: str, value: str, iframe_hosts: frozenset[str]) -> bool:
    if name == "srcset":
        return not any(map(_has_other_scheme, re.split(r"[\s,]+", value)))
    if name in _URL_ATTRIBUTES and hrefs.is_scheme_with_digits(value):
        return False
    if element == "iframe" and name == "src":
        return hrefs.https_host(value) in iframe_hosts
    return hrefs.is_web_url(value) if element == "github-code" else True


def _has_other_scheme(url: str) -> bool:
    return hrefs.has_scheme(url) and not hrefs.is_web_url(url)
