"""The file names of images, which include width and height.

So rendering an `<img>` needs no query. Rendered HTML stays valid because the widths of a folder's narrower
copies never change: other widths need another folder.
"""

import re

# Widths of the narrower copies, by folder. An image has only those copies that are narrower than itself.
WIDTHS = {"images": (480, 960, 1440, 1920), "animations": (), "cards": ()}
_STEM = r"(?:images|animations|cards)/[0-9a-f]{20}-[1-9][0-9]{0,4}x[1-9][0-9]{0,4}"
_EXTENSION = r"\.(?:jpg|png|webp|gif)"
# Matches any image file, original or copy, relative to the media root.
NAME_PATTERN = rf"{_STEM}(?:-[1-9][0-9]{{2,3}})?{_EXTENSION}"

_ORIGINAL = re.compile(_STEM + _EXTENSION)


def is_original(name: str) -> bool:
    return bool(_ORIGINAL.fullmatch(name))


def copies(name: str) -> dict[int, str]:
    """Return the names of an original's narrower copies by width; {} if `name` isn't an original."""
    if not is_original(name):
        return {}
    stem = name.rpartition(".")[0]
    widths = WIDTHS[name.partition("/")[0]]
    return {width: f"{stem}-{width}.webp" for width in widths if width < size(name)[0]}


def size(name: str) -> tuple[int, int]:
    """Return an original's width and height in pixels."""
    width, height = name.rpartition(".")[0].rpartition("-")[2].split("x")
    return int(width), int(height)
