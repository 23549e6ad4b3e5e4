"""What becomes of a picture on its way in."""

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
DAMAGED = "The picture is damaged or not complete."


def prepare(content):
    return uploads.process(BytesIO(content))


def main(content):
    picture = prepare(content)
    return open_image(picture.files[picture.name])


def refusal(content):
    with pytest.raises(uploads.RejectedImage) as refused:
        prepare(content)
    return str(refused.value)


def png_head(width, height):
    """A PNG that says it is so large, and ends there."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return start + struct.pack(">I", 1000) + b"IDAT"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "MPO"])
def test_position_camera_and_comments_are_gone_from_every_file(format):
    content = photograph(2000, format=format)
    assert MAKER.encode() in content

    picture = prepare(content)

    assert len(picture.files) > 3
    for file in picture.files.values():
        assert not open_image(file).getexif()
        assert MAKER.encode() not in file
        assert not {"exif", "comment", "xmp", "icc_profile"} & open_image(file).info.keys()


def test_a_comment_is_gone():
    assert b"my address" not in prepare(photograph(comment=b"my address")).files.popitem()[1]


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [(1, (60, 40), (5, 5)), (3, (60, 40), (55, 5)), (6, (40, 60), (5, 5)), (8, (40, 60), (5, 55))],
)
def test_the_picture_is_turned_as_the_camera_was(orientation, size, red):
    image = main(photograph(60, 40, format="PNG", orientation=orientation))

    assert image.size == size
    assert image.convert("RGB").getpixel(red) == (255, 0, 0)


def test_colours_of_another_profile_become_those_of_srgb():
    lab_like = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    image = Image.new("RGB", (20, 20), (100, 150, 200))

    nonsense = main(encode(image, "PNG", icc_profile=b"nonsense"))
    unfit = main(encode(image, "PNG", icc_profile=lab_like))

    assert nonsense.getpixel((0, 0)) == (100, 150, 200)
    assert unfit.mode == "RGB"


def test_copies_are_narrower_than_the_picture_and_keep_its_shape():
    picture = prepare(photograph(1500, 1000))

    sizes = [open_image(file).size for file in picture.files.values()]

    assert sizes == [(1500, 1000), (480, 320), (960, 640), (1440, 960)]
    assert {open_image(file).format for file in picture.files.values()} == {"JPEG", "WEBP"}


def test_a_very_wide_picture_is_stored_narrower():
    picture = prepare(photograph(4000, 1000))

    assert (picture.width, picture.height) == (2560, 640)


def test_a_name_stands_for_the_content_and_says_the_size():
    content = photograph(600, 400)

    picture = prepare(content)

    assert picture.name == prepare(content).name
    assert picture.name != prepare(photograph(600, 401)).name
    assert picture.name.endswith("-600x400.jpg")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_sort_of_png_is_taken(mode):
    image = main(encode(Image.new(mode, (30, 20)), "PNG"))

    assert (image.format, image.size) == ("PNG", (30, 20))


def test_what_is_transparent_stays_so():
    image = main(encode(Image.new("RGBA", (600, 20), (255, 0, 0, 100)), "PNG"))

    assert image.getpixel((0, 0)) == (255, 0, 0, 100)


def test_a_picture_for_printing_is_one_for_the_screen():
    assert main(encode(Image.new("CMYK", (30, 20)), "JPEG")).mode == "RGB"


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_an_animation_goes_on_moving_without_what_else_it_carried(format):
    picture = prepare(animated(format))

    [(name, file)] = picture.files.items()
    image = open_image(file)
    assert name.startswith("animations/")
    assert (image.format, image.n_frames, image.size) == (format, 3, (60, 40))
    assert image.info["loop"] == 0


def test_a_gif_that_does_not_move_is_a_picture():
    assert main(encode(Image.new("P", (30, 20)), "GIF")).format == "PNG"


def test_the_name_of_a_file_plays_no_part_and_its_end_is_left_out():
    picture = prepare(photograph(60, 40) + HTML)

    assert b"script" not in picture.files[picture.name]


@pytest.mark.parametrize("content", [SVG, b"\xef\xbb\xbf<?xml version='1.0'?>" + SVG, b" " * 100 + SVG])
def test_an_svg_is_refused_with_advice(content):
    assert "save it as PNG" in refusal(content)


@pytest.mark.parametrize("content", [HTML, b"GIF89a" + HTML, b"%PDF-1.7", b"BM" + b"\0" * 100, b"RIFF", b"x"])
def test_what_is_no_picture_is_refused(content):
    assert refusal(content) in {"This is not a JPEG, PNG, GIF, WebP or AVIF picture.", DAMAGED}


def test_an_empty_file_is_refused():
    assert refusal(b"") == "The file is empty."


def test_too_many_bytes_are_refused_before_they_are_looked_at():
    assert refusal(photograph(60, 40) + b"\0" * uploads.MAX_BYTES) == "The file has 20 MB; 20 MB is the most."


@pytest.mark.parametrize("size", [(8000, 8000), (40_000, 40_000), (60_000, 60_000)])
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded(size):
    assert refusal(png_head(*size)) == "The picture is too large: 50 megapixels is the most."


def test_a_picture_that_is_too_long_is_refused():
    assert refusal(png_head(16_001, 100)) == "The picture is too long: 16,000 pixels is the most."


def test_an_animation_that_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_PIXELS", 60 * 40 * 2)

    assert refusal(animated(frames=3)).startswith("The animation is too long")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_a_truncated_picture_is_refused(format, part):
    content = encode(Image.effect_noise((200, 200), 80).convert("RGB"), format)

    assert refusal(content[: int(len(content) * part)]) in {
        DAMAGED,
        "This is not a JPEG, PNG, GIF, WebP or AVIF picture.",
    }


SAMPLES = [photograph(40, 30, format) for format in ("JPEG", "PNG", "WEBP")] + [
    animated(format, size=(20, 10)) for format in ("GIF", "WEBP", "PNG")
]


def far_away(frame):
    """Another place for the second frame of a GIF: x, in 16 bits, the least byte first."""
    content = bytearray(animated("GIF", size=(20, 10)))
    second = content.index(b"\x2c", content.index(b"\x2c") + 1)
    content[second + 1 : second + 3] = frame
    return bytes(content)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("frame", [b"\x01\x00", b"\xff\xff"])
def test_a_frame_beside_its_picture_is_refused(frame):
    with pytest.raises(uploads.RejectedImage):
        prepare(far_away(frame))


@pytest.mark.filterwarnings("ignore")
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=4)), max_size=6),
)
def test_a_broken_file_is_taken_or_refused_and_nothing_else(content, changes):
    broken = bytearray(content)
    for at, patch in changes:
        broken[at % len(broken) : at % len(broken) + len(patch)] = patch

    try:
        picture = prepare(bytes(broken))
    except uploads.RejectedImage:
        return

    assert open_image(picture.files[picture.name]).size == (picture.width, picture.height)
