"""Attributes for the site's own images, and the links that stand in for frames until a reader clicks."""

import re
from urllib.parse import urlsplit

from blog.strings.image_names import copies, is_original, size

from . import hrefs

ROOT = "/media/"
#: How wide a text is: the style sheet's --measure, or the window without its gutters.
SIZES = "(min-width: 36rem) 31.5rem, 92vw"
CLASS = "embed"
YOUTUBE = "www.youtube-nocookie.com"
_YOUTUBE = re.compile(r"https://www\.youtube(?:-nocookie)?\.com/embed/(?P<id>[\w-]{6,20})(?:[?#].*)?")
_VIMEO = re.compile(r"https://player\.vimeo\.com/video/(?P<id>\d+)(?:[?#].*)?")
_VIDEO_ID = re.compile(r"[\w-]{6,20}")
_PARAMETERS = re.compile(r"[\w=&%.-]{1,200}")


def image_attributes(address: str) -> dict[str, str]:
    """What an `<img>` with that address should have; nothing for addresses of any other sort."""
    name = address.removeprefix(ROOT)
    if not address.startswith(ROOT) or not is_original(name):
        return {}
    width, height = size(name)
    found = {"width": str(width), "height": str(height), "loading": "lazy", "decoding": "async"}
    if narrower := copies(name):
        candidates = {**narrower, width: name}
        srcset = ", ".join(f"{ROOT}{file} {wide}w" for wide, file in candidates.items())
        found |= {"srcset": srcset, "sizes": SIZES}
    return found


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


def embed_attributes(
    source: str, iframe_hosts: frozenset[str], width: str = "", height: str = ""
) -> dict[str, str]:
    """What the link should have; without the class and the data, it is a link like others."""
    link = {"href": film_page(source)}
    if hrefs.https_host(source) not in iframe_hosts:
        return link
    link |= {"class": CLASS, "data-src": source}
    if width.isdigit() and height.isdigit():
        link |= {"data-width": width, "data-height": height}
    return link


def label(title: str, source: str) -> str:
    return title.strip() or re.sub(r"^www\.", "", urlsplit(film_page(source)).netloc)
