"""Error pages."""

import pytest
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import Client

from blog.models import SiteSettings, SiteState
from tests.factories import make_entry, make_note, set_site
from tests.helpers.browsing import parse, paths, scripts_in, text, urls_of, visit

pytestmark = pytest.mark.django_db


def test_a_missing_page_suggests_posts_that_match_its_url(client):
    post = make_entry(title="How boats float")
    make_entry(title="How boats sink")

    page = visit(client, "/2019/boats-float.html", status=404)

    assert text(page.h1) == "There is no such page"
    assert paths(page, "main li a") == urls_of([post])
    assert page.select_one("main input[name=q]")["value"] == "boats float"
    assert page.select_one("meta[name=robots]")["content"] == "noindex"


def test_no_unpublished_post_is_suggested(client):
    make_note(body="How boats float", is_draft=True)

    assert visit(client, "/boats/", status=404).select("main li") == []


@pytest.mark.parametrize(
    "path", ["/.", "/-/", "/%20", "/.well-known/nothing", "/a/b/c/d.php", "/wp-login.php"]
)
def test_any_url_gets_a_page_with_a_search_form(client, path):
    page = visit(client, path, status=404)

    assert page.select_one("main form[role=search]")


def test_suggestions_use_the_search_language_of_the_site(client):
    set_site(language="de")
    SiteState.objects.update(search_language="de")
    post = make_entry(title="Alte Häuser")

    assert paths(visit(client, "/hauses/", status=404), "main li a") == urls_of([post])


def test_the_url_is_escaped(client):
    page = visit(client, "/%3Cscript%3Ealert(1)%3C%2Fscript%3E/", status=404)

    assert scripts_in(page) == []


def test_the_page_for_server_errors_needs_no_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        page = render_to_string("500.html")

    assert "Something broke" in page


def test_a_site_without_its_database_says_that_it_is_broken(client, monkeypatch):
    def load():
        raise OperationalError("The database is away.")

    monkeypatch.setattr(SiteSettings, "load", load)
    client.raise_request_exception = False

    page = visit(client, "/2024/", status=500)

    assert text(page.h1) == "Something broke"
    assert page.select_one("link[rel=stylesheet]")


def test_a_helper_without_permission_sees_the_403_page(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))

    page = visit(client, "/admin/blog/note/add/", status=403)

    assert text(page.h1) == "That is not allowed"


def test_a_form_without_csrf_token_is_refused():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {})

    assert response.status_code == 403
    assert text(parse(response).h1) == "That is not allowed"
