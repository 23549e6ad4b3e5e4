"""Pictures as authors bring them, made fit for readers: bytes in, checked and cleaned bytes out.

Nothing of the file itself is passed on: every picture is decoded and written anew. That drops EXIF with its
position, comments, and whatever else the file carried, after the orientation and the colour profile have been
applied to the picture itself.
"""

import hashlib
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageCms, ImageOps, ImageSequence, UnidentifiedImageError, features

from blog.strings.image_names import copies

MAX_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000  # of all frames of an animation together
MOST_FRAMES = 2000
LONGEST_SIDE = 16_000  # what WebP can hold, in round numbers
WIDEST = 2560  # a wider picture is stored as wide as this

#: What is read, and the format and the ending that it is stored as.
STORED_AS = {
    "JPEG": ("JPEG", "jpg"),
    "MPO": ("JPEG", "jpg"),  # what opening the JPEG of some telephones gives: a second picture hangs on it
    "PNG": ("PNG", "png"),
    "GIF": ("PNG", "png"),
    "WEBP": ("WEBP", "webp"),
    "AVIF": ("WEBP", "webp"),
}
READABLE_FORMATS = ["JPEG", "PNG", "GIF", "WEBP", *(["AVIF"] if features.check("avif") else [])]
MOVING = {"GIF": "gif", "WEBP": "webp", "PNG": "png"}
QUALITY = {
    "JPEG": {"quality": 88, "optimize": True, "progressive": True},
    "PNG": {},
    "WEBP": {"quality": 90, "method": 4},
}
COPY_QUALITY = {"quality": 82, "method": 4}

TOO_LARGE = gettext_lazy("The picture is too large: %(megapixels)d megapixels is the most.")
TOO_MOVING = gettext_lazy(
    "The animation is too long: %(megapixels)d megapixels in all frames together, "
    "and %(frames)s frames, is the most."
)
DAMAGED = gettext_lazy("The picture is damaged or not complete.")

# What decoders raise on broken files, beside OSError.
BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError),
    *(struct.error, zlib.error),
)


class RejectedImage(Exception):
    """The file will not do. The message is a sentence for the author."""


@dataclass(frozen=True)
class ProcessedImage:
    """A picture ready to be stored; `files` are its bytes and those of its narrower copies, by name."""

    name: str
    width: int
    height: int
    files: dict[str, bytes]


def process(file) -> ProcessedImage:
    """Raises RejectedImage. The file has to be seekable; its name plays no part."""
    image = identify(file)
    try:
        if image.format in MOVING and getattr(image, "n_frames", 1) > 1:
            return animation(image)
        return still(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_much(TOO_LARGE) from error
    except BROKEN as error:
        raise RejectedImage(DAMAGED) from error


def identify(file):
    """The image, of which nothing but the head has been read yet."""
    size = file.seek(0, 2)
    file.seek(0)
    if not size:
        raise RejectedImage(_("The file is empty."))
    if size > MAX_BYTES:
        sizes = {"size": round(size / 1024**2), "most": MAX_BYTES // 1024**2}
        raise RejectedImage(_("The file has %(size)d MB; %(most)d MB is the most.") % sizes)
    try:
        image = Image.open(file, formats=READABLE_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_much(TOO_LARGE) from error
    except UnidentifiedImageError as error:
        raise RejectedImage(unknown(file)) from error
    except BROKEN as error:
        raise RejectedImage(DAMAGED) from error
    check_size(*image.size)
    return image


def unknown(file):
    file.seek(0)
    if b"<svg" in file.read(4096).lower():
        return _(
            "This is not a JPEG, PNG, GIF, WebP or AVIF picture. "
            "An SVG can carry scripts: save it as PNG first."
        )
    return _("This is not a JPEG, PNG, GIF, WebP or AVIF picture.")


def too_much(sentence):
    return RejectedImage(sentence % {"megapixels": MOST_PIXELS // 1_000_000, "frames": intcomma(MOST_FRAMES)})


def check_size(width, height, frames=1):
    if width * height * frames > MOST_PIXELS or frames > MOST_FRAMES:
        raise too_much(TOO_LARGE if frames == 1 else TOO_MOVING)
    if max(width, height) > LONGEST_SIDE:
        text = _("The picture is too long: %(number)s pixels is the most.")
        raise RejectedImage(text % {"number": intcomma(LONGEST_SIDE)})


def still(image):
    format, ending = STORED_AS[image.format]
    image = plain(in_srgb(ImageOps.exif_transpose(image)))
    if image.width > WIDEST:
        image = narrowed(image, WIDEST)
    main = written(image, format, **QUALITY[format])
    name = name_of("images", main, image.size, ending)
    files = {name: main}
    for width, copy in copies(name).items():
        files[copy] = written(narrowed(image, width), "WEBP", **COPY_QUALITY)
    return ProcessedImage(name, *image.size, files)


def animation(image):
    """Stays what it is, as large as it is, and has no copies."""
    format, size = image.format, image.size
    check_size(*size, image.n_frames)
    frames, durations = [], []
    for frame in ImageSequence.Iterator(image):
        if frame.size != size:  # which grows with a frame that does not fit
            raise RejectedImage(DAMAGED)
        frame.load()  # only then WebP says how long it is shown
        durations.append(frame.info.get("duration", 0))
        frames.append(plain(frame.convert("RGBA" if frame.has_transparency_data else "RGB")))
    options = {"save_all": True, "append_images": frames[1:], "duration": durations}
    if "loop" in image.info:
        options["loop"] = image.info["loop"]
    main = written(frames[0], format, **options)
    name = name_of("animations", main, size, MOVING[format])
    return ProcessedImage(name, *size, {name: main})


def in_srgb(image):
    """Colours as browsers show them without the profile, which goes. One that makes no sense is ignored."""
    profile = image.info.get("icc_profile")
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    colours = opaque(image)
    if profile:
        try:
            source, srgb = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
            colours = ImageCms.profileToProfile(colours, source, srgb, outputMode="RGB")
        except (ImageCms.PyCMSError, *BROKEN):
            pass
    if colours.mode not in ("L", "RGB"):
        colours = colours.convert("RGB")
    if alpha:
        colours = colours.convert("RGB")
        colours.putalpha(alpha)
    return colours


def opaque(image):
    """In one of the modes that profiles are for: grey, RGB or CMYK."""
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    if image.mode.startswith(("I", "F")):  # 16 bits a pixel
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("L" if image.mode in ("1", "LA") else "RGB")


def plain(image):
    """Without anything that Pillow might write beside the pixels."""
    image.info = {}
    return image


def narrowed(image, width):
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def written(image, format, **options):
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def name_of(folder, content, size, ending):
    """Made of the content: it never stands for anything else, and the same picture is stored once."""
    return f"{folder}/{hashlib.sha256(content).hexdigest()[:20]}-{size[0]}x{size[1]}.{ending}"
