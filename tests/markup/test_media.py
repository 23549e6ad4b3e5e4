"""Uploaded images in a text."""

import pytest
from django.urls import reverse

from blog import markup
from blog.markup import media
from tests.markup.inspection import one

WIDE = "images/0123456789abcdef0123-1500x1000.jpg"
SMALL = "images/0123456789abcdef0123-300x200.png"
MOVING = "animations/0123456789abcdef0123-1500x1000.gif"


def image(source, format="markdown"):
    return one(markup.render(source, format), "img").attrs


def test_an_uploaded_image_gets_its_size_and_a_srcset():
    assert image(f"![A boat](/media/{WIDE})") == {
        "alt": "A boat",
        "src": f"/media/{WIDE}",
        "width": "1500",
        "height": "1000",
        "loading": "lazy",
        "decoding": "async",
        "srcset": "/media/images/0123456789abcdef0123-1500x1000-480.webp 480w, "
        "/media/images/0123456789abcdef0123-1500x1000-960.webp 960w, "
        "/media/images/0123456789abcdef0123-1500x1000-1440.webp 1440w, "
        f"/media/{WIDE} 1500w",
        "sizes": media.SIZES,
    }


@pytest.mark.parametrize("format", ["markdown", "html"])
@pytest.mark.parametrize("name", [SMALL, MOVING])
def test_an_image_without_copies_gets_its_size_only(name, format):
    found = image(f'<img src="/media/{name}" alt="">', format)

    assert (found["width"], found["height"]) == tuple(name.partition("-")[2].partition(".")[0].split("x"))
    assert "srcset" not in found


@pytest.mark.parametrize("given", ['width="100"', 'height="50"', 'style="width: 100px"'])
def test_a_size_given_by_the_author_wins(given):
    found = image(f'<img src="/media/{WIDE}" alt="" {given}>')

    assert len({"width", "height"} & found.keys()) == 1
    assert "srcset" in found


def test_attributes_given_by_the_author_win():
    found = image(f'<img src="/media/{WIDE}" alt="" sizes="50vw" loading="eager">')

    assert (found["sizes"], found["loading"]) == ("50vw", "eager")


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/a.jpg",
        f"https://example.com/media/{WIDE}",
        f"/media/{WIDE}?a",
        f"//media/{WIDE}",
        "/media/images/0123-1x1.jpg",
        "/media/images/0123456789abcdef0123-0x0.jpg",
        "/media/images/0123456789abcdef0123-1500x1000-480.webp",
        "/media/other/0123456789abcdef0123-1500x1000.jpg",
        f"/media/{WIDE}/../x.jpg",
    ],
)
def test_other_images_are_unchanged(address):
    assert image(f"![A]({address})") == {"alt": "A", "src": address}


def test_the_site_serves_these_urls():
    assert reverse("image", args=[WIDE]) == media.MEDIA_URL + WIDE
    for name in media.copies(WIDE).values():
        assert reverse("image", args=[name]) == media.MEDIA_URL + name


def test_image_urls_can_be_made_absolute():
    html = markup.absolute_urls(
        markup.render(f"![A](/media/{WIDE})", "markdown"), "https://example.com/2024/a/"
    )

    found = one(html, "img")
    candidates = [candidate.split()[0] for candidate in found["srcset"].split(", ")]
    assert len(candidates) == 4
    assert all(address.startswith("https://example.com/media/") for address in [found["src"], *candidates])
