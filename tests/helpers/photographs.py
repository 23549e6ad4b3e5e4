"""Image files like those of cameras and programs, as bytes."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

MAKER = "Camera of somebody"
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def photograph(width=1200, height=800, format="JPEG", orientation=1, **options):
    """Red on the left, blue on the right, with a GPS position in its EXIF data."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, MAKER
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    return encode(image, format, exif=exif, **options)


def encode(image, format, **options):
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def animated(format="GIF", frames=3, size=(60, 40), **options):
    images = [Image.new("RGB", size, colour) for colour in ("red", "green", "blue") * frames][:frames]
    return encode(images[0], format, save_all=True, append_images=images[1:], duration=100, loop=0, **options)


def open_image(content):
    return Image.open(BytesIO(content))


def upload(content, name="photo.jpg"):
    return SimpleUploadedFile(name, content)
