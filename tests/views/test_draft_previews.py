"""Secret links to unpublished posts, which the author can share and revoke."""

import pytest
from django.test import Client
from django.urls import reverse

from blog.models import Post, PreviewLink
from tests.factories import FACTORIES, make_note, utc
from tests.helpers.browsing import paths, text, texts, visit
from tests.helpers.writing import edit

pytestmark = pytest.mark.django_db

NOW = utc(2024, 6, 8, 21, 43)
HIDDEN = [{"is_draft": True}, {"published": utc(2024, 6, 9)}]


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def make_link(client, post):
    """Press the button in the post's form and return the path of the link."""
    change = reverse(f"admin:blog_{post.kind}_change", args=[post.pk])
    [form] = visit(client, change).select("#preview-link")
    assert client.post(form["action"], {"make": "1"}).status_code == 302
    shown = visit(client, change).select_one("#preview-link-address")["value"]
    return shown.removeprefix("http://testserver")


def edit_link(client, post, status, **sent):
    path = reverse(f"admin:blog_{post.kind}_preview_link", args=[post.pk])
    response = client.post(path, sent)
    assert response.status_code == status
    return response


@pytest.mark.parametrize("fields", HIDDEN)
@pytest.mark.parametrize("kind", FACTORIES)
def test_the_link_shows_the_post_and_forbids_caching_and_indexing(admin_client, client, kind, fields):
    post = FACTORIES[kind](body="Secret words.", tags=["sea"], **fields)

    path = make_link(admin_client, post)
    response = client.get(path)

    page = visit(client, path)
    assert "Secret words." in text(page.article)
    assert "in confidence" in text(page.main)
    assert {"no-store", "private"} <= {part.strip() for part in response["Cache-Control"].split(",")}
    assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    assert not page.select("link[rel=canonical]")
    assert client.get(post.get_absolute_url()).status_code == 404


def test_links_are_unguessable(admin_client):
    post, other = make_note(is_draft=True), make_note(is_draft=True)

    first, second = (make_link(admin_client, each) for each in (post, other))

    assert first != second
    assert min(len(path.strip("/").split("/")[-1]) for path in (first, second)) >= 43


def test_a_revoked_link_stops_working_and_a_new_one_differs(admin_client, client):
    post = make_note(is_draft=True)
    first = make_link(admin_client, post)

    edit_link(admin_client, post, 302, revoke="1")

    gone = client.get(first)
    second = make_link(admin_client, post)
    assert (gone.status_code, client.get(second).status_code) == (404, 200)
    assert first != second


def test_pressing_the_button_twice_creates_one_link(admin_client):
    post = make_note(is_draft=True)

    edit_link(admin_client, post, 302, make="1")
    token = PreviewLink.objects.get().token
    edit_link(admin_client, post, 302, make="1")

    assert PreviewLink.objects.get().token == token


def test_an_unknown_link_looks_like_any_other_missing_page(client):
    unknown, other = client.get("/drafts/abc/"), client.get("/somewhere/abc/")

    assert (unknown.status_code, unknown.content) == (404, other.content)
    assert dict(unknown.headers) == dict(other.headers)


def test_once_published_the_link_redirects_to_the_permalink(admin_client, client, clock):
    draft, waiting = make_note(is_draft=True), make_note(published=utc(2024, 6, 9))
    of_draft, of_waiting = make_link(admin_client, draft), make_link(admin_client, waiting)

    draft = edit(admin_client, draft, is_draft=None)
    clock.move_to(utc(2024, 6, 9))

    for path, post in ((of_draft, draft), (of_waiting, waiting)):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, post.get_absolute_url())
        assert "no-store" in response["Cache-Control"]


def test_a_published_post_gets_no_link(admin_client):
    post = make_note()

    edit_link(admin_client, post, 302, make="1")

    assert not PreviewLink.objects.exists()
    page = visit(admin_client, reverse("admin:blog_note_change", args=[post.pk]))
    assert not page.select("#preview-link")


def test_deleting_the_post_deletes_its_link(admin_client, client):
    post = make_note(is_draft=True)
    path = make_link(admin_client, post)

    post.delete()

    assert client.get(path).status_code == 404


def test_a_script_gets_only_the_fragment_of_the_form(admin_client):
    post = make_note(is_draft=True)
    path = reverse("admin:blog_note_preview_link", args=[post.pk])

    response = admin_client.post(path, {"make": "1"}, headers={"accept": "text/x-fragment"})

    assert b"Revoke" in response.content
    assert b"<html" not in response.content


def test_creating_and_revoking_links_takes_permission_to_change_the_post(
    admin_user, admin_client, client, django_user_model
):
    post = make_note(is_draft=True)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)

    assert "/login/" in edit_link(client, post, 302, make="1")["Location"]
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    edit_link(client, post, 403, make="1")
    edit_link(strict, post, 403, make="1")
    path = reverse("admin:blog_note_preview_link", args=[post.pk])
    assert admin_client.get(path).status_code == 405
    wrong_kind = reverse("admin:blog_entry_preview_link", args=[post.pk])
    assert admin_client.post(wrong_kind, {"make": "1"}).status_code == 404
    assert not PreviewLink.objects.exists()


def test_a_shared_draft_reveals_nothing_of_other_drafts(admin_client, client):
    make_note(is_draft=True, title="Another secret", tags=["hidden"])
    post = make_note(is_draft=True, tags=["sea"])

    page = visit(client, make_link(admin_client, post))

    assert "Another secret" not in text(page)
    assert Post.objects.published().count() == 0
    assert not [path for path in paths(page, "[href]") if "/admin/" in path or "/drafts/" in path]
    assert texts(page, "a[rel=tag]") == ["sea"]
