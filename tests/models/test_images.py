"""Uploaded images in the storage."""

import pytest
from django.core.files.storage import default_storage

from blog.images import uploads
from blog.models import Image
from tests.helpers.photographs import photograph, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def stored(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_an_image_is_stored_with_its_copies(folder):
    image = Image.store_upload(upload(photograph(1000, 500), "boat.jpg"))

    assert (image.width, image.height, image.original_name) == (1000, 500, "boat.jpg")
    assert image.bytes == default_storage.size(image.name)
    assert stored(folder) == set(image.files())
    assert len(image.files()) == 3


def test_the_same_image_is_stored_once(folder):
    first = Image.store_upload(upload(photograph(1000, 500)))
    first.alt = "A boat"
    first.save()

    again = Image.store_upload(upload(photograph(1000, 500), "other.jpg"))

    assert (again, again.alt) == (first, "A boat")
    assert len(stored(folder)) == 3


@pytest.mark.parametrize("name", ["a" * 300 + ".jpg", "../../x.jpg", "<b>.jpg", "ü\u202e.jpg"])
def test_an_odd_file_name_is_not_used(folder, name):
    image = Image.store_upload(upload(photograph(60, 40), name))

    assert stored(folder) == {image.name}


def test_a_rejected_upload_leaves_nothing_behind(folder):
    with pytest.raises(uploads.RejectedImage):
        Image.store_upload(upload(photograph(1000, 500)[:5000]))

    assert stored(folder) == set()
    assert not Image.objects.exists()


def test_a_full_disk_leaves_nothing_behind(folder, monkeypatch):
    save = type(default_storage)._save if hasattr(type(default_storage), "_save") else default_storage._save

    def fill(name, content):
        if "-960" in name:
            raise OSError("No space left on device")
        return save(name, content)

    monkeypatch.setattr(default_storage, "_save", fill)

    with pytest.raises(OSError, match="No space"):
        Image.store_upload(upload(photograph(1000, 500)))

    assert stored(folder) == set()
    assert not Image.objects.exists()


def test_a_partly_written_file_is_written_again(folder):
    image = Image.store_upload(upload(photograph(1000, 500)))
    whole = (folder / image.name).read_bytes()
    (folder / image.name).write_bytes(whole[:100])

    Image.store_upload(upload(photograph(1000, 500)))

    assert (folder / image.name).read_bytes() == whole


def test_deleting_an_image_deletes_its_files(folder, django_capture_on_commit_callbacks):
    image = Image.store_upload(upload(photograph(1000, 500)))
    other = Image.store_upload(upload(photograph(100, 50)))

    with django_capture_on_commit_callbacks(execute=True):
        image.delete()

    assert stored(folder) == {other.name}
