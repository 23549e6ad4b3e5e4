import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from blog.images import uploads
from tests.helpers.photographs import MAKER, animated, encode, open_image, photograph

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
DAMAGED = "The image is damaged or incomplete."
UNSUPPORTED = "This is not a JPEG, PNG, GIF, WebP or AVIF image."


def process(content):
    return uploads.process(BytesIO(content))


def process_and_open(content):
    image = process(content)
    return open_image(image.files[image.name])


def rejection(content):
    with pytest.raises(uploads.RejectedImage) as rejected:
        process(content)
    return str(rejected.value)


def png_header(width, height):
    """A PNG with this size in its header, and no pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return start + struct.pack(">I", 1000) + b"IDAT"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "MPO"])
def test_metadata_is_removed_from_every_file(format):
    content = photograph(2000, format=format)
    assert MAKER.encode() in content

    processed = process(content)

    assert len(processed.files) > 3
    for file in processed.files.values():
        assert not open_image(file).getexif()
        assert MAKER.encode() not in file
        assert not {"exif", "comment", "xmp", "icc_profile"} & open_image(file).info.keys()


def test_comments_are_removed():
    content = photograph(comment=b"my address")
    assert b"my address" in content

    processed = process(content)

    assert len(processed.files) > 1
    assert [name for name, file in processed.files.items() if b"my address" in file] == []


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [(1, (60, 40), (5, 5)), (3, (60, 40), (55, 5)), (6, (40, 60), (5, 5)), (8, (40, 60), (5, 55))],
)
def test_the_exif_orientation_is_applied(orientation, size, red):
    image = process_and_open(photograph(60, 40, format="PNG", orientation=orientation))

    assert image.size == size
    assert image.convert("RGB").getpixel(red) == (255, 0, 0)


def test_invalid_colour_profiles_are_ignored():
    lab_like = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    image = Image.new("RGB", (20, 20), (100, 150, 200))

    nonsense = process_and_open(encode(image, "PNG", icc_profile=b"nonsense"))
    unfit = process_and_open(encode(image, "PNG", icc_profile=lab_like))

    assert nonsense.getpixel((0, 0)) == (100, 150, 200)
    assert unfit.mode == "RGB"


def test_copies_are_narrower_and_have_the_same_aspect_ratio():
    processed = process(photograph(1500, 1000))

    sizes = [open_image(file).size for file in processed.files.values()]

    assert sizes == [(1500, 1000), (480, 320), (960, 640), (1440, 960)]
    assert {open_image(file).format for file in processed.files.values()} == {"JPEG", "WEBP"}


def test_a_very_wide_image_is_scaled_down():
    processed = process(photograph(4000, 1000))

    assert (processed.width, processed.height) == (2560, 640)


def test_the_name_depends_on_the_content_and_includes_the_size():
    content = photograph(600, 400)

    processed = process(content)

    assert processed.name == process(content).name
    assert processed.name != process(photograph(600, 401)).name
    assert processed.name.endswith("-600x400.jpg")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_png_mode_is_accepted(mode):
    image = process_and_open(encode(Image.new(mode, (30, 20)), "PNG"))

    assert (image.format, image.size) == ("PNG", (30, 20))


def test_transparency_is_preserved():
    image = process_and_open(encode(Image.new("RGBA", (600, 20), (255, 0, 0, 100)), "PNG"))

    assert image.getpixel((0, 0)) == (255, 0, 0, 100)


def test_cmyk_is_converted_to_rgb():
    assert process_and_open(encode(Image.new("CMYK", (30, 20)), "JPEG")).mode == "RGB"


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_an_animation_keeps_its_frames_and_its_loop(format):
    processed = process(animated(format))

    [(name, file)] = processed.files.items()
    image = open_image(file)
    assert name.startswith("animations/")
    assert (image.format, image.n_frames, image.size) == (format, 3, (60, 40))
    assert image.info["loop"] == 0


def test_a_gif_with_one_frame_becomes_a_png():
    assert process_and_open(encode(Image.new("P", (30, 20)), "GIF")).format == "PNG"


def test_bytes_after_the_image_are_dropped():
    processed = process(photograph(60, 40) + HTML)

    assert b"script" not in processed.files[processed.name]


@pytest.mark.parametrize("content", [SVG, b"\xef\xbb\xbf<?xml version='1.0'?>" + SVG, b" " * 100 + SVG])
def test_an_svg_is_rejected_with_advice(content):
    assert "convert it to PNG" in rejection(content)


@pytest.mark.parametrize("content", [HTML, b"GIF89a" + HTML, b"%PDF-1.7", b"BM" + b"\0" * 100, b"RIFF", b"x"])
def test_other_files_are_rejected(content):
    assert rejection(content) in {UNSUPPORTED, DAMAGED}


def test_an_empty_file_is_rejected():
    assert rejection(b"") == "The file is empty."


def test_a_large_file_is_rejected():
    assert (
        rejection(photograph(60, 40) + b"\0" * uploads.MAX_BYTES)
        == "The file is too large. The limit is 20 MB."
    )


@pytest.mark.parametrize("size", [(8000, 8000), (40_000, 40_000), (60_000, 60_000)])
def test_an_image_with_too_many_pixels_is_rejected_before_it_is_decoded(size):
    assert rejection(png_header(*size)) == "The image is too large. The limit is 50 megapixels."


def test_an_image_with_a_very_long_side_is_rejected():
    assert (
        rejection(png_header(16_001, 100)) == "The image is too wide or too high. The limit is 16,000 pixels."
    )


def test_an_animation_with_too_many_pixels_is_rejected(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_PIXELS", 60 * 40 * 2)

    assert rejection(animated(frames=3)).startswith("The animation is too large.")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_a_truncated_image_is_rejected(format, part):
    content = encode(Image.effect_noise((200, 200), 80).convert("RGB"), format)

    assert rejection(content[: int(len(content) * part)]) in {UNSUPPORTED, DAMAGED}


SAMPLES = [photograph(40, 30, format) for format in ("JPEG", "PNG", "WEBP")] + [
    animated(format, size=(20, 10)) for format in ("GIF", "WEBP", "PNG")
]


def with_second_frame_at(x):
    """A GIF whose second frame is moved to `x`, a little-endian 16-bit number."""
    content = bytearray(animated("GIF", size=(20, 10)))
    second = content.index(b"\x2c", content.index(b"\x2c") + 1)
    content[second + 1 : second + 3] = x
    return bytes(content)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("x", [b"\x01\x00", b"\xff\xff"])
def test_a_frame_outside_the_image_is_rejected(x):
    with pytest.raises(uploads.RejectedImage):
        process(with_second_frame_at(x))


@pytest.mark.filterwarnings("ignore")
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=4)), max_size=6),
)
def test_a_corrupted_file_is_processed_or_rejected_without_other_errors(content, changes):
    broken = bytearray(content)
    for at, patch in changes:
        broken[at % len(broken) : at % len(broken) + len(patch)] = patch

    try:
        processed = process(bytes(broken))
    except uploads.RejectedImage:
        return

    assert open_image(processed.files[processed.name]).size == (processed.width, processed.height)
