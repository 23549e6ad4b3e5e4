"""Access to the admin."""

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
def test_visitors_are_redirected_to_the_login(client, path):
    response = client.get(path)

    assert (response.status_code, response["Location"]) == (302, f"/admin/login/?next={path}")


@pytest.mark.parametrize("path", LISTS)
def test_users_who_are_not_staff_are_kept_out(client, django_user_model, path):
    client.force_login(django_user_model.objects.create_user("reader"))

    assert client.get(path).status_code == 302


def test_a_login_leads_to_the_requested_page(client, django_user_model):
    django_user_model.objects.create_superuser("author", password="swordfish")

    response = submit(
        client, "/admin/login/?next=/admin/blog/note/add/", form="#login-form",
        username="author", password="swordfish",
    )  # fmt: skip

    assert response["Location"] == "/admin/blog/note/add/"
    visit(client, response["Location"])


def test_staff_need_the_permission_to_add_a_post(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))

    assert client.get(reverse("admin:blog_note_add")).status_code == 403


def test_the_admin_is_never_cached(admin_client):
    response = admin_client.get("/admin/")

    assert "no-store" in response["Cache-Control"]
