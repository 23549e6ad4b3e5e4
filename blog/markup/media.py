"""Attributes for the site's own images, and for the links that stand in for embedded players."""

import re
from urllib.parse import urlsplit

from blog.strings.image_names import copies, is_original, size

from . import hrefs

MEDIA_URL = "/media/"
# The width of the text column: the style sheet's --measure, or the window without its gutters.
SIZES = "(min-width: 36rem) 31.5rem, 92vw"

EMBED_CLASS = "embed"
YOUTUBE_HOST = "www.youtube-nocookie.com"
_YOUTUBE_PLAYER = re.compile(r"https://www\.youtube(?:-nocookie)?\.com/embed/(?P<id>[\w-]{6,20})(?:[?#].*)?")
_VIMEO_PLAYER = re.compile(r"https://player\.vimeo\.com/video/(?P<id>\d+)(?:[?#].*)?")
_YOUTUBE_ID = re.compile(r"[\w-]{6,20}")
_PLAYER_PARAMETERS = re.compile(r"[\w=&%.-]{1,200}")


def image_attributes(src: str) -> dict[str, str]:
    """Return the attributes for an `<img>` of an uploaded image; {} if `src` isn't one."""
    name = src.removeprefix(MEDIA_URL)
    if not src.startswith(MEDIA_URL) or not is_original(name):
        return {}
    width, height = size(name)
    attributes = {"width": str(width), "height": str(height), "loading": "lazy", "decoding": "async"}
    if narrower := copies(name):
        candidates = {**narrower, width: name}
        srcset = ", ".join(f"{MEDIA_URL}{file} {wide}w" for wide, file in candidates.items())
        attributes |= {"srcset": srcset, "sizes": SIZES}
    return attributes


def embed_attributes(
    src: str, iframe_hosts: frozenset[str], width: str = "", height: str = ""
) -> dict[str, str]:
    """Return the attributes for the link that stands in for a player.

    A script turns links of class `embed` into iframes on click. Hosts that aren't allowed get a plain link.
    """
    link = {"href": watch_url(src)}
    if hrefs.https_host(src) not in iframe_hosts:
        return link
    link |= {"class": EMBED_CLASS, "data-src": src}
    if width.isdigit() and height.isdigit():
        link |= {"data-width": width, "data-height": height}
    return link


def embed_label(title: str, src: str) -> str:
    """Return the text of that link: the title, or the host of the page it leads to."""
    return title.strip() or re.sub(r"^www\.", "", urlsplit(watch_url(src)).netloc)


def watch_url(src: str) -> str:
    """Return the page to watch a player's video on; `src` itself for hosts other than YouTube and Vimeo."""
    if match := _YOUTUBE_PLAYER.fullmatch(src):
        return f"https://www.youtube.com/watch?v={match['id']}"
    if match := _VIMEO_PLAYER.fullmatch(src):
        return f"https://vimeo.com/{match['id']}"
    return src


def youtube_player_url(video_id: str, parameters: str = "") -> str:
    """Return the URL of YouTube's cookie-free player; "" if the id is malformed."""
    if not _YOUTUBE_ID.fullmatch(video_id):
        return ""
    query = f"?{parameters}" if _PLAYER_PARAMETERS.fullmatch(parameters) else ""
    return f"https://{YOUTUBE_HOST}/embed/{video_id}{query}"
