"""What is typed is kept while it is typed: for its author alone, and without touching the post."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.models import Note, Post, WorkingCopy
from blog.models.drafts import MOST
from tests.factories import FACTORIES, make_note
from tests.helpers.browsing import fill_in, visit
from tests.helpers.writing import assert_saved, sample_values

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-some-form"


def keep(client, kind="note", status=200, **sent):
    """Sends what is typed as the script of the form does."""
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


def one(token=TOKEN, kind="note"):
    return reverse(f"admin:blog_{kind}_copy", args=[token])


@pytest.fixture
def other(django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("other"))
    return client


@pytest.mark.parametrize("kind", Post.kinds())
def test_what_is_typed_is_kept_and_the_post_is_not_touched(admin_client, kind):
    post = FACTORIES[kind](body="Public.")
    before = Post.objects.values().get()

    keep(
        admin_client,
        kind,
        post=str(post.pk),
        fields=[["body", "Typed & more."], ["tags", "sea"]],
        version="v",
    )

    assert Post.objects.values().get() == before
    [copy] = offered(admin_client, kind, post.pk)
    assert copy["words"] == "Typed & more."
    whole = admin_client.get(one(copy["token"], kind)).json()
    assert whole["fields"] == [["body", "Typed & more."], ["tags", "sea"]]
    assert whole["version"] == "v"
    assert offered(admin_client, kind) == [], "it is not offered in the form of a new post"


def test_each_form_has_one_copy_which_follows_it(admin_client):
    keep(admin_client)
    keep(admin_client, fields=[["body", "Typed more."]])
    keep(admin_client, token="another-token-of-a-form")

    assert sorted(copy["words"] for copy in offered(admin_client)) == ["Typed more.", "Typed."]


def test_a_text_that_waited_in_a_browser_does_not_replace_a_later_one(admin_client):
    keep(admin_client, fields=[["body", "Later."]])
    keep(admin_client, fields=[["body", "Earlier."]], age=3600)
    keep(admin_client, token="another-token-of-a-form", fields=[["body", "Of yesterday."]], age=86400)

    assert [copy["words"] for copy in offered(admin_client)] == ["Later.", "Of yesterday."]
    assert WorkingCopy.objects.last().saved < timezone.now() - timedelta(hours=23)


def test_saving_the_post_clears_it(admin_client):
    path = reverse("admin:blog_note_add")
    [form] = visit(admin_client, path).select("#note_form")
    token = form.select_one("[name=copy]")["value"]
    keep(admin_client, token=token)
    keep(admin_client, token="restored-token-of-it")
    keep(admin_client, token="another-token-of-a-form")

    sent = fill_in(form, **sample_values(form, "word")) | {"copy": [token, "restored-token-of-it"]}
    assert_saved(admin_client.post(path, sent))

    assert [copy["token"] for copy in offered(admin_client)] == ["another-token-of-a-form"]


def test_a_form_with_an_error_keeps_its_copies(admin_client):
    path = reverse("admin:blog_note_add")
    keep(admin_client)

    response = admin_client.post(path, {"body": "", "copy": [TOKEN, "another-token-of-a-form"]})

    assert response.status_code == 200
    assert b'value="another-token-of-a-form"' in response.content
    assert len(offered(admin_client)) == 1


def test_each_opened_form_has_a_token_of_its_own(admin_client):
    tokens = {
        visit(admin_client, reverse("admin:blog_note_add")).select_one("[name=copy]")["value"]
        for _ in range(3)
    }

    assert len(tokens) == 3


def test_a_copy_is_discarded(admin_client):
    keep(admin_client)

    assert [admin_client.delete(one()).status_code for _ in range(2)] == [200, 200]
    assert offered(admin_client) == []


def test_nobody_else_reads_replaces_or_discards_it(admin_client, other):
    keep(admin_client)

    assert offered(other) == []
    assert other.get(one()).status_code == 404
    other.delete(one())
    keep(other, fields=[["body", "Another's."]])

    assert [copy["words"] for copy in offered(admin_client)] == ["Typed."]


def test_saving_a_post_does_not_clear_somebody_elses_copy(admin_client, other):
    keep(admin_client)
    path = reverse("admin:blog_note_add")
    [form] = visit(other, path).select("#note_form")

    assert_saved(other.post(path, fill_in(form, **sample_values(form, "word")) | {"copy": TOKEN}))

    assert len(offered(admin_client)) == 1


def test_a_copy_outlives_its_post(admin_client):
    post = make_note()
    keep(admin_client, post=str(post.pk))

    Note.objects.get().delete()

    assert [copy["words"] for copy in offered(admin_client)] == ["Typed."]
    keep(admin_client, post=str(post.pk), fields=[["body", "Typed on."]])
    assert [copy["words"] for copy in offered(admin_client)] == ["Typed on."]


def test_who_is_logged_out_is_told_so(client):
    listing = client.get("/admin/blog/note/unsaved/")
    for response in (keep(client, status=401), client.get(one()), client.delete(one()), listing):
        assert response.status_code == 401
        assert response.json() == {"error": "You are logged out. Log in, in another window."}


def test_who_may_not_write_keeps_nothing(client, django_user_model):
    for name, is_staff in (("reader", False), ("helper", True)):
        client.force_login(django_user_model.objects.create_user(name, is_staff=is_staff))
        keep(client, status=403)
        assert client.get("/admin/blog/note/unsaved/").status_code == 403
    assert not WorkingCopy.objects.exists()


def test_only_the_form_itself_keeps_and_discards(admin_user):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)

    keep(strict, status=403)
    assert strict.delete(one()).status_code == 403


def test_without_any_cookie_the_answer_is_still_that_one_is_logged_out():
    keep(Client(enforce_csrf_checks=True), status=401)


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
def test_what_no_form_sends_is_refused(admin_client, sent):
    keep(admin_client, status=400, **sent)


@pytest.mark.parametrize("body", ["", "[]", "{", "null", "3", "[" * 100_000, b"\xff"])
def test_what_is_no_json_object_is_refused(admin_client, body):
    response = admin_client.post("/admin/blog/note/unsaved/", body, content_type="application/json")

    assert response.status_code == 400


@pytest.mark.parametrize("age", [float("nan"), float("inf"), -5, 1e300])
def test_an_age_that_cannot_be_does_no_harm(admin_client, age):
    keep(admin_client, age=age)

    assert len(offered(admin_client)) <= 1


def test_characters_that_no_database_takes_are_left_out(admin_client):
    keep(admin_client, fields=[["body", "a\0b\ud800c"]])

    assert offered(admin_client)[0]["words"] == "ab?c"


def test_a_text_beyond_all_measure_is_refused(admin_client, settings):
    keep(admin_client, fields=[["body", "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)]], status=413)


def test_what_is_old_or_too_much_is_let_go(admin_client, admin_user, other):
    keep(other)
    long_ago = timezone.now() - timedelta(days=200)
    WorkingCopy.objects.bulk_create(
        WorkingCopy(author=admin_user, token=f"token-of-form-{n:03}", kind="note", fields=[], saved=moment)
        for n, moment in enumerate([long_ago, *(timezone.now() for _ in range(MOST + 10))])
    )

    keep(admin_client)

    assert len(offered(admin_client)) == MOST
    assert offered(admin_client)[0]["words"] == "Typed."
    assert len(offered(other)) == 1
