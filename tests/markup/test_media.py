"""The author's own pictures in a text."""

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


def test_one_gets_its_size_and_its_copies():
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
def test_one_without_copies_gets_its_size_alone(name, format):
    found = image(f'<img src="/media/{name}" alt="">', format)

    assert (found["width"], found["height"]) == tuple(name.partition("-")[2].partition(".")[0].split("x"))
    assert "srcset" not in found


@pytest.mark.parametrize("given", ['width="100"', 'height="50"', 'style="width: 100px"'])
def test_the_authors_size_wins(given):
    found = image(f'<img src="/media/{WIDE}" alt="" {given}>')

    assert len({"width", "height"} & found.keys()) == 1
    assert "srcset" in found


def test_what_the_author_wrote_wins():
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
def test_every_other_picture_is_left_as_it_was_written(address):
    assert image(f"![A]({address})") == {"alt": "A", "src": address}


def test_names_are_those_that_the_site_serves():
    assert reverse("image", args=[WIDE]) == media.MEDIA_URL + WIDE
    for name in media.copies(WIDE).values():
        assert reverse("image", args=[name]) == media.MEDIA_URL + name


def test_feeds_get_absolute_addresses():
    html = markup.absolute_urls(
        markup.render(f"![A](/media/{WIDE})", "markdown"), "https://example.com/2024/a/"
    )

    found = one(html, "img")
    candidates = [candidate.split()[0] for candidate in found["srcset"].split(", ")]
    assert all(address.startswith("https://example.com/media/") for address in [found["src"], *candidates])
