"""Images in the admin: uploading, alt texts and the list."""

import pytest
from django.test import Client
from django.urls import reverse

from blog.images import uploads
from blog.models import Image, Post
from tests.factories import make_note, make_page
from tests.helpers.browsing import paths, submit, text, texts, visit
from tests.helpers.photographs import photograph, upload

pytestmark = pytest.mark.django_db

ADD = "/admin/images/add/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def staff(django_user_model, client):
    """A client of a staff user without permissions."""
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    return client


def send(client, content, name="boat.jpg"):
    return client.post(ADD, {"image": upload(content, name)})


def store_image(**fields):
    image = Image.store_upload(upload(photograph(fields.pop("width", 600), 400), "boat.jpg"))
    Image.objects.filter(pk=image.pk).update(**fields)
    image.refresh_from_db()
    return image


def test_an_upload_is_stored_and_its_urls_returned(admin_client, client, admin_user):
    response = send(admin_client, photograph(600, 400))

    image = Image.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "url": f"/media/{image.name}",
        "thumbnail": f"/media/{image.name.removesuffix('.jpg')}-480.webp",
        "alt": "",
        "describe": f"/admin/blog/image/{image.pk}/alt/",
    }
    assert image.author == admin_user
    assert client.get(response.json()["url"], headers={"If-None-Match": f'"{image.name}"'}).status_code == 304


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "boat.png"),
        (b"<html><script>", "boat.jpg"),
        (photograph(600, 400)[:3000], "boat.jpg"),
        (b"", "boat.jpg"),
    ],
)
def test_an_invalid_image_is_refused_with_a_message(admin_client, folder, content, name):
    response = send(admin_client, content, name)

    assert response.status_code == 400
    assert response.json()["error"].endswith(".")
    assert list(folder.iterdir()) == []


def test_a_request_without_an_image_is_refused(admin_client):
    assert admin_client.post(ADD).status_code == 400
    assert admin_client.get(ADD).status_code == 405


def test_a_request_that_is_far_too_large_is_refused_unread(admin_client):
    class Endless:
        def read(self, *args):
            raise AssertionError("It was read.")

        readline = read

    length = str(uploads.MAX_BYTES * 2)
    response = admin_client.generic(
        "POST", ADD, content_type="multipart/form-data; boundary=b", CONTENT_LENGTH=length,
        **{"wsgi.input": Endless()},
    )  # fmt: skip

    assert (response.status_code, response.json()) == (
        413,
        {"error": "The image is too large. The limit is 20 MB."},
    )


def test_visitors_get_401(client):
    assert send(client, photograph(60, 40)).status_code == 401
    assert not Image.objects.exists()


def test_an_upload_needs_the_permission_to_add_images(staff, give):
    assert send(staff, photograph(60, 40)).status_code == 403

    give("helper", "add_image")
    assert send(staff, photograph(60, 40)).status_code == 201


def test_an_upload_needs_a_csrf_token(admin_user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)

    assert send(client, photograph(60, 40)).status_code == 403
    assert not Image.objects.exists()


def test_the_alt_text_is_stored_for_the_next_upload_of_the_same_file(admin_client):
    describe = send(admin_client, photograph(60, 40)).json()["describe"]

    admin_client.post(describe, {"alt": "A boat"})

    assert send(admin_client, photograph(60, 40)).json()["alt"] == "A boat"


def test_the_alt_text_of_a_missing_image_is_not_found(admin_client, client):
    assert admin_client.post("/admin/blog/image/1/alt/", {"alt": "A"}).status_code == 404
    assert client.post("/admin/blog/image/1/alt/", {"alt": "A"}).status_code in {401, 404}


@pytest.mark.parametrize("kind", [*Post.kinds(), "page"])
def test_every_text_area_accepts_images(admin_client, kind):
    [area] = visit(admin_client, reverse(f"admin:blog_{kind}_add")).select("textarea[name=body]")

    assert area["data-image-upload"] == ADD
    assert "image/png" in area["data-image-types"].split(",")


def test_the_list_shows_thumbnails_alt_texts_and_sizes(admin_client):
    store_image(alt="A boat")
    store_image(width=500)

    page = visit(admin_client, reverse("admin:blog_image_changelist"))

    assert [image["alt"] for image in page.select(".field-image_preview img")] == [
        "boat.jpg, without alt text",
        "A boat",
    ]
    assert texts(page, ".field-described") == ["-", "A boat"]
    assert texts(page, ".field-size")[1].startswith("600 × 400, ")


def test_the_list_filters_images_without_alt_text(admin_client):
    store_image(alt="A boat")

    assert not visit(admin_client, reverse("admin:blog_image_changelist") + "?described=no").select(
        ".field-size"
    )
    assert visit(admin_client, reverse("admin:blog_image_changelist") + "?q=boat").select(".field-size")


def test_the_list_runs_few_queries(admin_client, django_assert_max_num_queries):
    for width in range(10, 22):
        store_image(width=width)

    admin_client.get("/admin/")  # the first request creates the site's settings
    with django_assert_max_num_queries(9):
        admin_client.get(reverse("admin:blog_image_changelist"))


def test_the_form_changes_the_alt_text_and_lists_the_uses(admin_client):
    image = store_image()
    note = make_note(title="Boats", body=f"![]({image.get_absolute_url()})")
    about = make_page(body=f'<img src="{image.get_absolute_url()}" alt="">')
    make_note(body="No image.")
    path = reverse("admin:blog_image_change", args=[image.pk])

    [uses] = visit(admin_client, path).select(".field-used_in .readonly")
    submit(admin_client, path, form="#image_form", alt="A boat")

    assert paths(uses) == [
        reverse("admin:blog_note_change", args=[note.pk]),
        reverse("admin:blog_page_change", args=[about.pk]),
    ]
    image.refresh_from_db()
    assert image.alt == "A boat"


def test_deleting_an_image_lists_its_uses_first(admin_client, folder, django_capture_on_commit_callbacks):
    image = store_image()
    make_note(title="Boats", body=f"![]({image.get_absolute_url()})")
    path = reverse("admin:blog_image_delete", args=[image.pk])

    assert "Boats" in text(visit(admin_client, path).select("#content")[0])
    with django_capture_on_commit_callbacks(execute=True):
        submit(admin_client, path, form="#content form")

    assert not Image.objects.exists()
    assert not [path for path in folder.rglob("*") if path.is_file()]
