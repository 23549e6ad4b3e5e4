"""The addresses in a post: which are allowed, and what they are relative to."""

import re
from collections.abc import Callable
from urllib.parse import urljoin

from . import html_scan
from .html_scan import names

SCHEMES = names(
    "http https mailto ftp tel sms xmpp irc ircs matrix magnet geo webcal feed news gopher gemini"
)
_SCRIPT = re.compile(r"(?:javascript|vbscript|data):", re.I)
_IGNORED_BY_BROWSERS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_WEB = re.compile(r"https?://[^\s/?#\\]", re.I)
_HTTPS_HOST = re.compile(r"https://(?P<host>[a-z0-9.-]+)(?::443)?(?:[/?#][^\s\\]*)?", re.I)
# HTML, section 4.8.4.2.1: candidates are separated by commas, which may also occur inside an address.
_CANDIDATE = re.compile(r"[\s,]*(?P<url>[^\s,](?:\S*[^\s,])?)(?P<size>(?:\s+[^\s,]+)?)\s*(?:,|$)|[\s,]+")

_ADDRESSES = names("href src poster cite longdesc data-fullsize data-thumb data-src data-href")
_ADDRESS_LISTS = frozenset({"srcset", "data-srcset"})
_NAME = r"(?:href|src|srcset|poster|cite|longdesc|data-[a-z]+)\s*"
_VALUE = r"=\s*[\"']?(?![\"']?(?:https?|mailto):)"
_RELATIVE = re.compile(_NAME + _VALUE, re.I)
# Its two halves: what begins with one character is found forty times as fast.
_OTHER_VALUE = re.compile(_VALUE, re.I)
_ADDRESS_NAME = re.compile(f"{_NAME}$", re.I)
_LONGEST_NAME = 40  # characters of one of these names; what is longer names no address
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
_IN_PAGE = re.compile(r"\s(?:id\s*=|href\s*=\s*[\"']?#)", re.I)


def runs_script(value: str) -> bool:
    """Whether a browser, given this as an address, would run or render what it holds."""
    return bool(_SCRIPT.match(_IGNORED_BY_BROWSERS.sub("", value)))


def is_web(url: str) -> bool:
    return bool(_WEB.match(url))


def has_scheme(url: str) -> bool:
    """Whether a browser takes this address for an absolute one."""
    return bool(_ABSOLUTE.match(_IGNORED_BY_BROWSERS.sub("", url)))


def https_host(url: str) -> str:
    """The host of an https address, in lower case; "" for every other address.

    Stricter than `urlsplit()`: user names, backslashes and spaces, on which libraries and browsers
    disagree, make it "".
    """
    match = _HTTPS_HOST.fullmatch(url)
    return match["host"].lower() if match else ""


def absolute_urls(html: str, base_url: str) -> str:
    """Make the addresses in tags absolute, in-page ones too, as seen from `base_url`, the absolute permalink.

    For whole templates too, if they are well-formed: only what stands in a tag is looked at.
    """
    if not _may_be_relative(html):
        return html

    def edit(name: str, value: str) -> str:
        if name in _ADDRESSES:
            return _join(base_url, value)
        return _edit_srcset(value, lambda url: _join(base_url, url)) if name in _ADDRESS_LISTS else value

    return html_scan.TAG.sub(
        lambda tag: html_scan.edit_attributes(tag, edit) if _has(tag, _RELATIVE) else tag[0], html
    )


def for_list(html: str, permalink: str) -> str:
    """Make HTML fit for a page with other posts: no ids, and in-page links lead to the post's own page."""
    if not _IN_PAGE.search(html):
        return html

    def edit(name: str, value: str) -> str | None:
        if name == "id":
            return None
        return permalink + value if name == "href" and value.startswith("#") else value

    return html_scan.TAG.sub(
        lambda tag: html_scan.edit_attributes(tag, edit) if _has(tag, _IN_PAGE) else tag[0], html
    )


def link_targets(html: str) -> list[str]:
    """The addresses that the links of finished HTML lead to, in their order."""
    targets = []

    def note(name: str, value: str) -> str:
        if name == "href":
            targets.append(value)
        return value

    for tag in html_scan.TAG.finditer(html):
        if tag["name"] == "a" and not tag["end"]:
            html_scan.edit_attributes(tag, note)
    return targets


def _may_be_relative(html: str) -> bool:
    """Whether anything looks like an address that is not absolute. In text it may be none."""
    values = (value.start() for value in _OTHER_VALUE.finditer(html))
    return any(_ADDRESS_NAME.search(html, max(0, end - _LONGEST_NAME), end) for end in values)


def _has(tag: re.Match, pattern: re.Pattern) -> bool:
    return bool(tag["name"] and not tag["end"] and pattern.search(tag["attributes"]))


def _join(base_url: str, url: str) -> str:
    if _ABSOLUTE.match(url):
        return url
    try:
        return urljoin(base_url, url)
    except ValueError:  # nothing that a browser could follow either
        return url


def _edit_srcset(value: str, edit: Callable[[str], str]) -> str:
    found = [match for match in _CANDIDATE.finditer(value) if match["url"]]
    return ", ".join(f"{edit(match['url'])}{match['size']}" for match in found)
