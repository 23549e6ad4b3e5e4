"""Finished HTML for feed readers, which know neither the site's own elements nor frames."""

import html as entities
import mimetypes
import re
from urllib.parse import urlsplit

from . import html_scan

_OWN = re.compile(r"<(?:[a-z]+-[a-z-]+|iframe|textarea)\b", re.I)
_VIDEO = "https://www.youtube.com/watch?v="


def for_feed(html: str) -> str:
    """Put what every reader can show in the place of the site's own elements and of frames.

    Cases: what showed something from elsewhere becomes a link to it, unless it has contents of its own,
    which stay; a text to be copied becomes preformatted; of the rest the contents stay.
    """
    if not _OWN.search(html):
        return html

    def replace(tag: re.Match) -> str:
        name = (tag["name"] or "").lower()
        if name == "textarea":
            return f"<{tag['end']}pre>"
        if name != "iframe" and "-" not in name:
            return tag[0]
        is_empty = html.startswith(f"</{name}", tag.end())
        return _link(name, tag) if is_empty and not tag["end"] else ""

    return html_scan.TAG.sub(replace, html)


def audio_sources(html: str) -> list[tuple[str, str]]:
    """Address and media type of each piece of sound, in their order."""
    found: dict[str, str] = {}
    within = False
    for tag in html_scan.TAG.finditer(html) if "<audio" in html else ():
        name = (tag["name"] or "").lower()
        if name == "audio":
            within = not tag["end"]
        if within and name in ("audio", "source"):
            given = attributes(tag)
            if url := given.get("src"):
                found.setdefault(url, given.get("type") or _type_of(url))
    return list(found.items())


def attributes(tag: re.Match) -> dict[str, str]:
    found = {}

    def note(name: str, value: str) -> str:
        found[name] = value
        return value

    html_scan.edit_attributes(tag, note)
    return found


def _link(name: str, tag: re.Match) -> str:
    given = attributes(tag)
    url = _VIDEO + given["videoid"] if "videoid" in given else given.get("src") or given.get("href")
    if not url:
        return ""
    text = given.get("title") or given.get("playlabel") or re.sub(r"^\w+://|[?#].*", "", url)
    return f'<a href="{entities.escape(url)}">{entities.escape(text)}</a>'


def _type_of(url: str) -> str:
    return mimetypes.guess_type(urlsplit(url).path)[0] or "audio/mpeg"
