"""Who may enter the admin."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.helpers.browsing import submit, visit

pytestmark = pytest.mark.django_db

LISTS = [
    reverse("admin:index"),
    *(
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ),
]


@pytest.mark.parametrize("path", LISTS)
def test_visitors_are_asked_to_log_in(client, path):
    response = client.get(path)

    assert (response.status_code, response["Location"]) == (302, f"/admin/login/?next={path}")


@pytest.mark.parametrize("path", LISTS)
def test_who_is_no_author_does_not_get_in(client, django_user_model, path):
    client.force_login(django_user_model.objects.create_user("reader"))

    assert client.get(path).status_code == 302


def test_an_author_logs_in_and_is_where_she_wanted_to_be(client, django_user_model):
    django_user_model.objects.create_superuser("author", password="swordfish")

    response = submit(
        client, "/admin/login/?next=/admin/blog/note/add/", form="#login-form",
        username="author", password="swordfish",
    )  # fmt: skip

    assert response["Location"] == "/admin/blog/note/add/"
    visit(client, response["Location"])


def test_an_author_may_only_do_what_she_was_allowed_to(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))

    assert client.get(reverse("admin:blog_note_add")).status_code == 403


def test_the_admin_is_not_for_search_engines_or_caches(admin_client):
    response = admin_client.get("/admin/")

    assert "no-store" in response["Cache-Control"]
