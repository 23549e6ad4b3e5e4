"""The author's own pictures: what the address of one says, and what its element gets from that.

The address holds all that a page has to know: the width and the height are part of the name, and the
folder says which narrower copies stand beside the picture. So texts of every sort get the attributes without
a query, rendering stays a function of the text alone, and what is rendered once is right for ever. The
widths of a folder therefore never change: other widths take another folder.
"""

import re

ROOT = "/media/"
#: By folder, the widths of the copies; a picture has those that are narrower than itself.
WIDTHS = {"images": (480, 960, 1440, 1920), "animations": (), "cards": ()}
_STEM = r"(?:images|animations|cards)/[0-9a-f]{20}-[1-9][0-9]{0,4}x[1-9][0-9]{0,4}"
_TYPE = r"\.(?:jpg|png|webp|gif)"
#: The name of any file of a picture, a copy or itself, after `ROOT`.
NAME = rf"{_STEM}(?:-[1-9][0-9]{{2,3}})?{_TYPE}"
#: How wide a text is: the style sheet's --measure, or the window without its gutters.
SIZES = "(min-width: 36rem) 31.5rem, 92vw"

_PICTURE = re.compile(_STEM + _TYPE)


def copies(name: str) -> dict[int, str]:
    """The names of a picture's narrower copies, by their widths; none for what is no picture's name."""
    if not _PICTURE.fullmatch(name):
        return {}
    stem = name.rpartition(".")[0]
    widths = WIDTHS[name.partition("/")[0]]
    return {width: f"{stem}-{width}.webp" for width in widths if width < size(name)[0]}


def size(name: str) -> tuple[int, int]:
    """Width and height, of the name of a picture."""
    width, height = name.rpartition(".")[0].rpartition("-")[2].split("x")
    return int(width), int(height)


def attributes(address: str) -> dict[str, str]:
    """What an `<img>` with that address should have; nothing for addresses of any other sort."""
    name = address.removeprefix(ROOT)
    if not address.startswith(ROOT) or not _PICTURE.fullmatch(name):
        return {}
    width, height = size(name)
    found = {"width": str(width), "height": str(height), "loading": "lazy", "decoding": "async"}
    if narrower := copies(name):
        candidates = {**narrower, width: name}
        srcset = ", ".join(f"{ROOT}{file} {wide}w" for wide, file in candidates.items())
        found |= {"srcset": srcset, "sizes": SIZES}
    return found
