"""Working copies: unsaved forms stored for their author, without changing the post."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.models import Note, Post, WorkingCopy
from blog.models.drafts import MAX_COPIES
from tests.factories import FACTORIES, make_note
from tests.helpers.browsing import fill_in, visit
from tests.helpers.writing import assert_saved, sample_values

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-some-form"


def store(client, kind="note", status=200, **sent):
    """Store a copy, as the form's script does."""
    body = {"token": TOKEN, "post": "", "version": "", "fields": [["body", "Typed."]], **sent}
    path = reverse(f"admin:blog_{kind}_unsaved")
    response = client.post(path, json.dumps(body), content_type="application/json")
    assert response.status_code == status, response.content
    return response


def offered(client, kind="note", post=""):
    response = client.get(reverse(f"admin:blog_{kind}_unsaved"), {"post": post})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.json()["copies"]


def copy_url(token=TOKEN, kind="note"):
    return reverse(f"admin:blog_{kind}_copy", args=[token])


@pytest.fixture
def other(django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("other"))
    return client


@pytest.mark.parametrize("kind", Post.kinds())
def test_a_copy_is_stored_without_changing_the_post(admin_client, kind):
    post = FACTORIES[kind](body="Public.")
    before = Post.objects.values().get()

    store(
        admin_client,
        kind,
        post=str(post.pk),
        fields=[["body", "Typed & more."], ["tags", "sea"]],
        version="v",
    )

    assert Post.objects.values().get() == before
    [copy] = offered(admin_client, kind, post.pk)
    assert copy["excerpt"] == "Typed & more."
    whole = admin_client.get(copy_url(copy["token"], kind)).json()
    assert whole["fields"] == [["body", "Typed & more."], ["tags", "sea"]]
    assert whole["version"] == "v"
    assert offered(admin_client, kind) == [], "it is not offered in the form of a new post"


def test_each_form_has_one_copy_which_is_updated(admin_client):
    store(admin_client)
    store(admin_client, fields=[["body", "Typed more."]])
    store(admin_client, token="another-token-of-a-form")

    assert sorted(copy["excerpt"] for copy in offered(admin_client)) == ["Typed more.", "Typed."]


def test_an_older_copy_does_not_replace_a_newer_one(admin_client):
    store(admin_client, fields=[["body", "Later."]])
    store(admin_client, fields=[["body", "Earlier."]], age=3600)
    store(admin_client, token="another-token-of-a-form", fields=[["body", "Of yesterday."]], age=86400)

    assert [copy["excerpt"] for copy in offered(admin_client)] == ["Later.", "Of yesterday."]
    assert WorkingCopy.objects.last().saved < timezone.now() - timedelta(hours=23)


def test_saving_the_post_deletes_the_copy(admin_client):
    path = reverse("admin:blog_note_add")
    [form] = visit(admin_client, path).select("#note_form")
    token = form.select_one("[name=copy]")["value"]
    store(admin_client, token=token)
    store(admin_client, token="restored-token-of-it")
    store(admin_client, token="another-token-of-a-form")

    sent = fill_in(form, **sample_values(form, "word")) | {"copy": [token, "restored-token-of-it"]}
    assert_saved(admin_client.post(path, sent))

    assert [copy["token"] for copy in offered(admin_client)] == ["another-token-of-a-form"]


def test_an_invalid_form_keeps_its_copies(admin_client):
    path = reverse("admin:blog_note_add")
    store(admin_client)

    response = admin_client.post(path, {"body": "", "copy": [TOKEN, "another-token-of-a-form"]})

    assert response.status_code == 200
    assert b'value="another-token-of-a-form"' in response.content
    assert len(offered(admin_client)) == 1


def test_each_form_has_its_own_token(admin_client):
    tokens = {
        visit(admin_client, reverse("admin:blog_note_add")).select_one("[name=copy]")["value"]
        for _ in range(3)
    }

    assert len(tokens) == 3


def test_a_copy_can_be_discarded(admin_client):
    store(admin_client)

    assert [admin_client.delete(copy_url()).status_code for _ in range(2)] == [200, 200]
    assert offered(admin_client) == []


def test_other_users_cannot_read_replace_or_discard_a_copy(admin_client, other):
    store(admin_client)

    assert offered(other) == []
    assert other.get(copy_url()).status_code == 404
    other.delete(copy_url())
    store(other, fields=[["body", "Another's."]])

    assert [copy["excerpt"] for copy in offered(admin_client)] == ["Typed."]


def test_saving_a_post_does_not_delete_somebody_elses_copy(admin_client, other):
    store(admin_client)
    path = reverse("admin:blog_note_add")
    [form] = visit(other, path).select("#note_form")

    assert_saved(other.post(path, fill_in(form, **sample_values(form, "word")) | {"copy": TOKEN}))

    assert len(offered(admin_client)) == 1


def test_a_copy_outlives_its_post(admin_client):
    post = make_note()
    store(admin_client, post=str(post.pk))

    Note.objects.get().delete()

    assert [copy["excerpt"] for copy in offered(admin_client)] == ["Typed."]
    store(admin_client, post=str(post.pk), fields=[["body", "Typed on."]])
    assert [copy["excerpt"] for copy in offered(admin_client)] == ["Typed on."]


def test_visitors_get_401(client):
    listing = client.get("/admin/blog/note/unsaved/")
    for response in (store(client, status=401), client.get(copy_url()), client.delete(copy_url()), listing):
        assert response.status_code == 401
        assert response.json() == {"error": "You are logged out. Log in in another window, then try again."}


def test_storing_needs_the_permission_to_write(client, django_user_model):
    for name, is_staff in (("reader", False), ("helper", True)):
        client.force_login(django_user_model.objects.create_user(name, is_staff=is_staff))
        store(client, status=403)
        assert client.get("/admin/blog/note/unsaved/").status_code == 403
    assert not WorkingCopy.objects.exists()


def test_storing_and_discarding_need_a_csrf_token(admin_user):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)

    store(strict, status=403)
    assert strict.delete(copy_url()).status_code == 403


def test_a_request_without_any_cookie_gets_401():
    store(Client(enforce_csrf_checks=True), status=401)


@pytest.mark.parametrize(
    "sent",
    [
        {"token": "short"},
        {"token": "a/b" * 10},
        {"token": None},
        {"fields": "text"},
        {"fields": [["body"]]},
        {"fields": [["body", 1]]},
        {"fields": [[f"f{n}", ""] for n in range(300)]},
        {"age": "long"},
        {"age": 10**400},
        {"post": 3},
    ],
)
def test_a_malformed_copy_is_refused(admin_client, sent):
    store(admin_client, status=400, **sent)


@pytest.mark.parametrize("body", ["", "[]", "{", "null", "3", "[" * 100_000, b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(admin_client, body):
    response = admin_client.post("/admin/blog/note/unsaved/", body, content_type="application/json")

    assert response.status_code == 400


@pytest.mark.parametrize("age", [float("nan"), float("inf"), -5, 1e300])
def test_an_impossible_age_does_not_fail(admin_client, age):
    store(admin_client, age=age)

    assert len(offered(admin_client)) <= 1


def test_characters_that_databases_refuse_are_replaced(admin_client):
    store(admin_client, fields=[["body", "a\0b\ud800c"]])

    assert offered(admin_client)[0]["excerpt"] == "ab?c"


def test_a_body_that_is_too_large_is_refused(admin_client, settings):
    store(admin_client, fields=[["body", "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)]], status=413)


def test_old_and_surplus_copies_are_pruned(admin_client, admin_user, other):
    store(other)
    long_ago = timezone.now() - timedelta(days=200)
    WorkingCopy.objects.bulk_create(
        WorkingCopy(author=admin_user, token=f"token-of-form-{n:03}", kind="note", fields=[], saved=moment)
        for n, moment in enumerate([long_ago, *(timezone.now() for _ in range(MAX_COPIES + 10))])
    )

    store(admin_client)

    assert len(offered(admin_client)) == MAX_COPIES
    assert offered(admin_client)[0]["excerpt"] == "Typed."
    assert len(offered(other)) == 1
