"""Image files, as served to readers."""

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
    """The response and its body. Reading the body closes the file."""
    response = client.get(path)
    return response, b"".join(response.streaming_content)


def test_an_image_and_its_copies_are_served(client, image):
    for name in image.files():
        response, content = get(client, f"/media/{name}")

        found = open_image(content)
        assert response["Content-Type"] == f"image/{found.format.lower()}"
        assert int(response["Content-Length"]) > 0


def test_caches_may_store_it_for_good(client, image):
    response, _ = get(client, image.get_absolute_url())
    again = client.get(image.get_absolute_url(), headers={"If-None-Match": response["ETag"]})

    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == response["ETag"]


def test_browsers_may_only_display_it(client, image):
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
def test_other_paths_are_not_found(image, path):
    assert raw_request(path).status_code == 404


def test_it_accepts_no_post(client, image):
    assert client.post(image.get_absolute_url()).status_code == 405


def test_readers_are_redirected_to_the_bucket(client, image, monkeypatch):
    bucket = InMemoryStorage(base_url="https://bucket.example/")
    monkeypatch.setattr("blog.views.images.default_storage", bucket)

    response = client.get(image.get_absolute_url())

    assert (response.status_code, response["Location"]) == (302, f"https://bucket.example/{image.name}")
    assert response["Cache-Control"] == "public, max-age=1800"
