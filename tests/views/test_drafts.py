"""Unpublished posts: visible to staff, undetectable for anyone else."""

import pytest

from tests.factories import FACTORIES, make_note, utc
from tests.helpers.browsing import paths, text, visit

pytestmark = pytest.mark.django_db

HIDDEN = [
    {"is_draft": True},
    {"is_draft": True, "published": utc(2024, 6, 8)},
    {"published": utc(2999, 1, 1)},
]


@pytest.fixture(params=FACTORIES)
def make(request):
    return FACTORIES[request.param]


@pytest.mark.parametrize("fields", HIDDEN)
def test_staff_see_it_with_a_notice_that_it_is_not_public(admin_client, make, fields):
    post = make(slug="secret", tags=["sea"], **fields)

    response = admin_client.get(post.get_absolute_url())

    page = visit(admin_client, post.get_absolute_url())
    assert response.status_code == 200
    assert {"no-store", "private"} <= {part.strip() for part in response["Cache-Control"].split(",")}
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    assert "Only staff can see it" in text(page.main)


@pytest.mark.parametrize("fields", HIDDEN)
def test_others_get_the_same_response_as_if_it_did_not_exist(client, make, fields):
    post = make(slug="secret", is_draft=True) if "is_draft" in fields else make(slug="secret", **fields)
    address = post.get_absolute_url()
    hidden = client.get(address)

    post.delete()

    nothing = client.get(address)
    assert (hidden.status_code, hidden.content) == (404, nothing.content)
    assert dict(hidden.headers) == dict(nothing.headers)


def test_being_logged_in_is_not_enough(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("reader"))

    visit(client, make_note(is_draft=True).get_absolute_url(), status=404)


def test_once_published_it_is_an_ordinary_page(client, admin_client):
    post = make_note(is_draft=True)

    post.is_draft = False
    post.save()

    response = admin_client.get(post.get_absolute_url())
    page = visit(client, post.get_absolute_url())
    assert "Cache-Control" not in response or "no-store" not in response["Cache-Control"]
    assert page.select("meta[name=robots]") == []
    assert "Only staff" not in text(page.main)
    assert paths(page, "link[rel=canonical]")


def test_its_permalink_varies_by_cookie(client):
    response = client.get(make_note(is_draft=True).get_absolute_url())

    assert "Cookie" in response["Vary"]
