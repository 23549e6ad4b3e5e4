"""The files of pictures, as readers get them."""

import pytest
from django.core.files.storage import InMemoryStorage

from blog.models import Image
from tests.helpers.browsing import raw_request
from tests.helpers.photographs import animated, open_image, photograph, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Image.store_upload(upload(photograph(1000, 500)))


def get(client, path):
    """The answer and its whole body; once that is read, the file is closed."""
    response = client.get(path)
    return response, b"".join(response.streaming_content)


def test_a_picture_and_its_copies_are_served(client, image):
    for name in image.files():
        response, content = get(client, f"/media/{name}")

        found = open_image(content)
        assert response["Content-Type"] == f"image/{found.format.lower()}"
        assert int(response["Content-Length"]) > 0


def test_caches_may_keep_it_for_good(client, image):
    response, _ = get(client, image.get_absolute_url())
    again = client.get(image.get_absolute_url(), headers={"If-None-Match": response["ETag"]})

    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == response["ETag"]


def test_it_can_do_nothing_but_be_seen(client, image):
    response, _ = get(client, image.get_absolute_url())

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Disposition"].startswith("inline")
    assert "Cookie" not in response.get("Vary", "")


def test_an_animation_is_served(client, image):
    moving = Image.store_upload(upload(animated(), "a.gif"))

    _, content = get(client, moving.get_absolute_url())

    assert open_image(content).n_frames == 3


@pytest.mark.parametrize(
    "path",
    [
        "/media/",
        "/media/images/",
        "/media/images/0123456789abcdef0123-640x480.jpg",
        "/media/../weblog.sqlite3",
        "/media/images/../../weblog.sqlite3",
        "/media/images/..%2f..%2fweblog.sqlite3",
        "/media/images/0123456789abcdef0123-640x480.svg",
    ],
)
def test_nothing_else_is_there(image, path):
    assert raw_request(path).status_code == 404


def test_nothing_can_be_sent_there(client, image):
    assert client.post(image.get_absolute_url()).status_code == 405


def test_from_a_bucket_the_reader_fetches_it(client, image, monkeypatch):
    bucket = InMemoryStorage(base_url="https://bucket.example/")
    monkeypatch.setattr("blog.views.images.default_storage", bucket)

    response = client.get(image.get_absolute_url())

    assert (response.status_code, response["Location"]) == (302, f"https://bucket.example/{image.name}")
    assert response["Cache-Control"] == "public, max-age=1800"
