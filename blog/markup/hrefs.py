"""The URLs in a post: which ones are allowed, and how relative ones are resolved."""

import re
from collections.abc import Callable
from urllib.parse import urljoin

from . import html_scan
from .html_scan import names

SCHEMES = names(
    "http https mailto ftp tel sms xmpp irc ircs matrix magnet geo webcal feed news gopher gemini"
)
_SCRIPT_SCHEME = re.compile(r"(?:javascript|vbscript|data):", re.I)
_IGNORED_BY_BROWSERS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_WEB = re.compile(r"https?://[^\s/?#\\]", re.I)
_HTTPS_URL = re.compile(r"https://(?P<host>[a-z0-9.-]+)(?::443)?(?:[/?#][^\s\\]*)?", re.I)
# HTML, section 4.8.4.2.1: image candidates are separated by commas, but a URL may contain commas too.
_CANDIDATE = re.compile(r"[\s,]*(?P<url>[^\s,](?:\S*[^\s,])?)(?P<size>(?:\s+[^\s,]+)?)\s*(?:,|$)|[\s,]+")

_URL_ATTRIBUTES = names("href src poster cite longdesc data-fullsize data-thumb data-src data-href")
_SRCSET_ATTRIBUTES = names("srcset data-srcset")
_NAME = r"(?:href|src|srcset|poster|cite|longdesc|data-[a-z]+)\s*"
_RELATIVE_VALUE = r"=\s*[\"']?(?![\"']?(?:https?|mailto):)"
_RELATIVE = re.compile(_NAME + _RELATIVE_VALUE, re.I)
# The two halves of _RELATIVE. Searching for the second first is forty times as fast, since all its matches
# begin with the same character.
_EQUALS_RELATIVE = re.compile(_RELATIVE_VALUE, re.I)
_ENDS_IN_NAME = re.compile(f"{_NAME}$", re.I)
_MAX_NAME_LENGTH = 40  # characters; no attribute with a URL has a longer name
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
_SCHEME_WITH_DIGITS = re.compile(r"[a-z][a-z0-9+.-]*:\d*", re.I)
_IN_PAGE = re.compile(r"\s(?:id\s*=|href\s*=\s*[\"']?#)", re.I)


def runs_script(value: str) -> bool:
    """Tell whether a browser would run, or render, the content of this URL."""
    return bool(_SCRIPT_SCHEME.match(_IGNORED_BY_BROWSERS.sub("", value)))


def is_web_url(url: str) -> bool:
    return bool(_WEB.match(url))


def has_scheme(url: str) -> bool:
    """Tell whether a browser would take this URL for an absolute one."""
    return bool(_SCHEME.match(_IGNORED_BY_BROWSERS.sub("", url)))


def is_scheme_with_digits(url: str) -> bool:
    """Tell whether the URL is like `javascript:123`, which for a browser is no host with a port."""
    return bool(_SCHEME_WITH_DIGITS.fullmatch(_IGNORED_BY_BROWSERS.sub("", url)))


def https_host(url: str) -> str:
    """Return the host of an https URL, in lower case; "" for any other URL.

    Stricter than `urlsplit()`: URLs with user names, backslashes or spaces, on which libraries and browsers
    disagree, give "".
    """
    match = _HTTPS_URL.fullmatch(url)
    return match["host"].lower() if match else ""


def absolute_urls(html: str, base_url: str) -> str:
    """Resolve all URLs in tags, in-page links included, against `base_url`, the post's absolute permalink.

    Only tags are examined, so a whole well-formed template will do as well.
    """
    if not _may_have_relative_urls(html):
        return html

    def edit(name: str, value: str) -> str:
        if name in _URL_ATTRIBUTES:
            return _join(base_url, value)
        return _edit_srcset(value, lambda url: _join(base_url, url)) if name in _SRCSET_ATTRIBUTES else value

    return html_scan.TAG.sub(
        lambda tag: html_scan.edit_attributes(tag, edit) if _has(tag, _RELATIVE) else tag[0], html
    )


def for_list(html: str, permalink: str) -> str:
    """Prepare HTML for a page with other posts: remove ids, and point in-page links at the permalink."""
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
    """List the `href`s of the links in rendered HTML, in document order."""
    targets: list[str] = []

    def collect(name: str, value: str) -> str:
        if name == "href":
            targets.append(value)
        return value

    for tag in html_scan.TAG.finditer(html):
        if tag["name"] == "a" and not tag["end"]:
            html_scan.edit_attributes(tag, collect)
    return targets


def _may_have_relative_urls(html: str) -> bool:
    """Pre-check for absolute_urls(). Text that looks like an attribute gives a false positive."""
    values = (value.start() for value in _EQUALS_RELATIVE.finditer(html))
    return any(_ENDS_IN_NAME.search(html, max(0, end - _MAX_NAME_LENGTH), end) for end in values)


def _has(tag: re.Match[str], pattern: re.Pattern[str]) -> bool:
    return bool(tag["name"] and not tag["end"] and pattern.search(tag["attributes"]))


def _join(base_url: str, url: str) -> str:
    if _SCHEME.match(url):
        return url
    try:
        return urljoin(base_url, url)
    except ValueError:  # browsers can't follow it either
        return url


def _edit_srcset(value: str, edit: Callable[[str], str]) -> str:
    candidates = [match for match in _CANDIDATE.finditer(value) if match["url"]]
    return ", ".join(f"{edit(match['url'])}{match['size']}" for match in candidates)
