"""Films and other frames of other sites: a link that loads nothing until a reader clicks it.

The link leads to where the film can be watched. What would be framed, and how large, is in its `data-`
attributes for a script.
"""

import re
from urllib.parse import urlsplit

from . import addresses

CLASS = "embed"
YOUTUBE = "www.youtube-nocookie.com"
_YOUTUBE = re.compile(r"https://www\.youtube(?:-nocookie)?\.com/embed/(?P<id>[\w-]{6,20})(?:[?#].*)?")
_VIMEO = re.compile(r"https://player\.vimeo\.com/video/(?P<id>\d+)(?:[?#].*)?")
_VIDEO_ID = re.compile(r"[\w-]{6,20}")
_PARAMETERS = re.compile(r"[\w=&%.-]{1,200}")


def film_page(source: str) -> str:
    """Where a person watches what is framed from this address: the address itself for most hosts."""
    if match := _YOUTUBE.fullmatch(source):
        return f"https://www.youtube.com/watch?v={match['id']}"
    if match := _VIMEO.fullmatch(source):
        return f"https://vimeo.com/{match['id']}"
    return source


def youtube(video: str, parameters: str = "") -> str:
    """The address of YouTube's player for that id, on the host that sets no cookies; "" for what is no id."""
    if not _VIDEO_ID.fullmatch(video):
        return ""
    query = f"?{parameters}" if _PARAMETERS.fullmatch(parameters) else ""
    return f"https://{YOUTUBE}/embed/{video}{query}"


def attributes(
    source: str, iframe_hosts: frozenset[str], width: str = "", height: str = ""
) -> dict[str, str]:
    """What the link should have; without the class and the data, it is a link like others."""
    link = {"href": film_page(source)}
    if addresses.https_host(source) not in iframe_hosts:
        return link
    link |= {"class": CLASS, "data-src": source}
    if width.isdigit() and height.isdigit():
        link |= {"data-width": width, "data-height": height}
    return link


def label(title: str, source: str) -> str:
    return title.strip() or re.sub(r"^www\.", "", urlsplit(film_page(source)).netloc)
