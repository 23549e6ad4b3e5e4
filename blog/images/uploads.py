"""Processing of uploaded images: untrusted bytes in, re-encoded images out.

Every image is decoded and encoded anew, so nothing of the original file is published. That drops EXIF data
(with its GPS position), comments and anything else in the file, after orientation and colour profile were
applied to the pixels.
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
MAX_PIXELS = 50_000_000  # all frames of an animation together
MAX_FRAMES = 2000
MAX_SIDE = 16_000  # WebP can hold 16,383
MAX_WIDTH = 2560  # wider images are scaled down to this

# The format and extension that each format is stored as.
STORED_FORMATS = {
    "JPEG": ("JPEG", "jpg"),
    "MPO": ("JPEG", "jpg"),  # the JPEGs of some phones, which have a second image attached
    "PNG": ("PNG", "png"),
    "GIF": ("PNG", "png"),
    "WEBP": ("WEBP", "webp"),
    "AVIF": ("WEBP", "webp"),
}
READABLE_FORMATS = ["JPEG", "PNG", "GIF", "WEBP", *(["AVIF"] if features.check("avif") else [])]
ANIMATED_EXTENSIONS = {"GIF": "gif", "WEBP": "webp", "PNG": "png"}
ENCODER_OPTIONS = {
    "JPEG": {"quality": 88, "optimize": True, "progressive": True},
    "PNG": {},
    "WEBP": {"quality": 90, "method": 4},
}
COPY_OPTIONS = {"quality": 82, "method": 4}

TOO_LARGE = gettext_lazy("The image is too large. The limit is %(megapixels)d megapixels.")
ANIMATION_TOO_LARGE = gettext_lazy(
    "The animation is too large. The limit is %(frames)s frames, "
    "and %(megapixels)d megapixels in all frames together."
)
DAMAGED = gettext_lazy("The image is damaged or incomplete.")

# Raised by Pillow's decoders on broken files.
DECODER_ERRORS = (
    *(OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError),
    *(struct.error, zlib.error),
)


class RejectedImage(Exception):
    """The file can't be used. The message is a sentence for the author."""


@dataclass(frozen=True)
class ProcessedImage:
    """An image ready to be stored. `files` are the bytes of the image and of its narrower copies, by name."""

    name: str
    width: int
    height: int
    files: dict[str, bytes]


def process(file) -> ProcessedImage:
    """Check and re-encode a seekable file. Its name and media type are ignored. Raises RejectedImage."""
    image = identify(file)
    try:
        if image.format in ANIMATED_EXTENSIONS and getattr(image, "n_frames", 1) > 1:
            return animation(image)
        return still(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large(TOO_LARGE) from error
    except DECODER_ERRORS as error:
        raise RejectedImage(DAMAGED) from error


def identify(file):
    """Open the image and check its size. Only the header has been read so far."""
    size = file.seek(0, 2)
    file.seek(0)
    if not size:
        raise RejectedImage(_("The file is empty."))
    if size > MAX_BYTES:
        text = _("The file is too large. The limit is %(limit)d MB.")
        raise RejectedImage(text % {"limit": MAX_BYTES // 1024**2})
    try:
        image = Image.open(file, formats=READABLE_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large(TOO_LARGE) from error
    except UnidentifiedImageError as error:
        raise RejectedImage(unsupported(file)) from error
    except DECODER_ERRORS as error:
        raise RejectedImage(DAMAGED) from error
    check_size(*image.size)
    return image


def unsupported(file):
    file.seek(0)
    if b"<svg" in file.read(4096).lower():
        return _(
            "This is not a JPEG, PNG, GIF, WebP or AVIF image. "
            "SVG files can contain scripts: convert it to PNG first."
        )
    return _("This is not a JPEG, PNG, GIF, WebP or AVIF image.")


def too_large(sentence):
    return RejectedImage(sentence % {"megapixels": MAX_PIXELS // 1_000_000, "frames": intcomma(MAX_FRAMES)})


def check_size(width, height, frames=1):
    if width * height * frames > MAX_PIXELS or frames > MAX_FRAMES:
        raise too_large(TOO_LARGE if frames == 1 else ANIMATION_TOO_LARGE)
    if max(width, height) > MAX_SIDE:
        text = _("The image is too wide or too high. The limit is %(number)s pixels.")
        raise RejectedImage(text % {"number": intcomma(MAX_SIDE)})


def still(image):
    format, extension = STORED_FORMATS[image.format]
    image = without_metadata(to_srgb(ImageOps.exif_transpose(image)))
    if image.width > MAX_WIDTH:
        image = resize_to_width(image, MAX_WIDTH)
    main = encode(image, format, **ENCODER_OPTIONS[format])
    name = name_for("images", main, image.size, extension)
    files = {name: main}
    for width, copy in copies(name).items():
        files[copy] = encode(resize_to_width(image, width), "WEBP", **COPY_OPTIONS)
    return ProcessedImage(name, *image.size, files)


def animation(image):
    """Re-encode an animation in its own format and size, without copies."""
    format, size = image.format, image.size
    check_size(*size, image.n_frames)
    frames, durations = [], []
    for frame in ImageSequence.Iterator(image):
        if frame.size != size:  # a frame outside the image enlarges it
            raise RejectedImage(DAMAGED)
        frame.load()  # WebP frames have a duration only once they are loaded
        durations.append(frame.info.get("duration", 0))
        frames.append(without_metadata(frame.convert("RGBA" if frame.has_transparency_data else "RGB")))
    options = {"save_all": True, "append_images": frames[1:], "duration": durations}
    if "loop" in image.info:
        options["loop"] = image.info["loop"]
    main = encode(frames[0], format, **options)
    name = name_for("animations", main, size, ANIMATED_EXTENSIONS[format])
    return ProcessedImage(name, *size, {name: main})


def to_srgb(image):
    """Convert to sRGB, since the colour profile is dropped. An invalid profile is ignored."""
    profile = image.info.get("icc_profile")
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    colours = opaque(image)
    if profile:
        try:
            source, srgb = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
            colours = ImageCms.profileToProfile(colours, source, srgb, outputMode="RGB")
        except (ImageCms.PyCMSError, *DECODER_ERRORS):
            pass
    if colours.mode not in ("L", "RGB"):
        colours = colours.convert("RGB")
    if alpha:
        colours = colours.convert("RGB")
        colours.putalpha(alpha)
    return colours


def opaque(image):
    """Convert to a mode that colour profiles support: grey, RGB or CMYK."""
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    if image.mode.startswith(("I", "F")):  # 16 bits per pixel
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("L" if image.mode in ("1", "LA") else "RGB")


def without_metadata(image):
    """Remove everything that Pillow would write beside the pixels."""
    image.info = {}
    return image


def resize_to_width(image, width):
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def encode(image, format, **options):
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def name_for(folder, content, size, extension):
    """Name a file by a hash of its content, so that a name never changes its meaning."""
    return f"{folder}/{hashlib.sha256(content).hexdigest()[:20]}-{size[0]}x{size[1]}.{extension}"
