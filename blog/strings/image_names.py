"""The names of image files, which carry their width and height.

Rendering an `<img>` therefore needs no query, and what was rendered once stays right: the widths of a
folder's narrower copies never change. Other widths take another folder.
"""

import re

#: By folder, the widths of the copies; an image has those that are narrower than itself.
WIDTHS = {"images": (480, 960, 1440, 1920), "animations": (), "cards": ()}
_STEM = r"(?:images|animations|cards)/[0-9a-f]{20}-[1-9][0-9]{0,4}x[1-9][0-9]{0,4}"
_TYPE = r"\.(?:jpg|png|webp|gif)"
#: Matches the name of any image file, original or copy, relative to the media root.
NAME_PATTERN = rf"{_STEM}(?:-[1-9][0-9]{{2,3}})?{_TYPE}"

_ORIGINAL = re.compile(_STEM + _TYPE)


def is_original(name: str) -> bool:
    return bool(_ORIGINAL.fullmatch(name))


def copies(name: str) -> dict[int, str]:
    """Return the names of an image's narrower copies by width; empty if `name` is not an original's."""
    if not is_original(name):
        return {}
    stem = name.rpartition(".")[0]
    widths = WIDTHS[name.partition("/")[0]]
    return {width: f"{stem}-{width}.webp" for width in widths if width < size(name)[0]}


def size(name: str) -> tuple[int, int]:
    """Return the width and height in pixels that an original's name states."""
    width, height = name.rpartition(".")[0].rpartition("-")[2].split("x")
    return int(width), int(height)
