"""Rendered HTML for feed readers, which support neither custom elements nor iframes."""

import html as entities
import mimetypes
import re
from urllib.parse import urlsplit

from . import html_scan

_UNSUPPORTED = re.compile(r"<(?:[a-z]+-[a-z-]+|iframe|textarea)\b", re.I)
_YOUTUBE_PAGE = "https://www.youtube.com/watch?v="


def for_feed(html: str) -> str:
    """Replace custom elements and iframes with markup that every feed reader can show.

    An empty element that embeds something becomes a link to it, one with content is replaced by its content,
    and a textarea becomes preformatted text.
    """
    if not _UNSUPPORTED.search(html):
        return html

    def replace(tag: re.Match[str]) -> str:
        name = (tag["name"] or "").lower()
        if name == "textarea":
            return f"<{tag['end']}pre>"
        if name != "iframe" and "-" not in name:
            return tag[0]
        is_empty = html.startswith(f"</{name}", tag.end())
        return _link(name, tag) if is_empty and not tag["end"] else ""

    return html_scan.TAG.sub(replace, html)


def audio_sources(html: str) -> list[tuple[str, str]]:
    """List the URL and media type of each audio source in document order, without duplicates."""
    sources: dict[str, str] = {}
    in_audio = False
    for tag in html_scan.TAG.finditer(html) if "<audio" in html else ():
        name = (tag["name"] or "").lower()
        if name == "audio":
            in_audio = not tag["end"]
        if in_audio and name in ("audio", "source"):
            found = attributes(tag)
            if url := found.get("src"):
                sources.setdefault(url, found.get("type") or _media_type(url))
    return list(sources.items())


def attributes(tag: re.Match[str]) -> dict[str, str]:
    found: dict[str, str] = {}

    def collect(name: str, value: str) -> str:
        found[name] = value
        return value

    html_scan.edit_attributes(tag, collect)
    return found


def _link(name: str, tag: re.Match[str]) -> str:
    found = attributes(tag)
    url = _YOUTUBE_PAGE + found["videoid"] if "videoid" in found else found.get("src") or found.get("href")
    if not url:
        return ""
    text = found.get("title") or found.get("playlabel") or re.sub(r"^\w+://|[?#].*", "", url)
    return f'<a href="{entities.escape(url)}">{entities.escape(text)}</a>'


def _media_type(url: str) -> str:
    return mimetypes.guess_type(urlsplit(url).path)[0] or "audio/mpeg"
