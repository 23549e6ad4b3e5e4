"""Standing pages, and the files that machines ask for."""

import pytest

from blog.models import Page
from tests.factories import make_page, set_site
from tests.helpers.browsing import paths, text, texts, visit

pytestmark = pytest.mark.django_db


def test_a_page_shows_its_text(client):
    make_page(title="Colophon & thanks", slug="colophon", body="Made *by hand*.")

    page = visit(client, "/colophon/")

    assert texts(page, "h1") == ["Colophon & thanks"]
    assert page.title.get_text() == "Colophon & thanks — Weblog"
    assert texts(page, "main em") == ["by hand"]


def test_every_page_leads_to_about_which_is_there_from_the_start(client):
    assert "/about/" in paths(visit(client, "/"), "footer a")
    assert text(visit(client, "/about/").h1) == "About"


def test_a_draft_is_seen_by_staff_alone(client, admin_client):
    make_page(slug="plans", is_draft=True)

    visit(client, "/plans/", status=404)
    response = admin_client.get("/plans/")

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert b'<meta name="robots" content="noindex">' in response.content


def test_an_unknown_page_is_not_found(client):
    Page.objects.all().delete()

    visit(client, "/about/", status=404)


def test_robots_may_read_all_but_the_admin_and_the_search(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().split("\n") == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /search/",
        "Allow: /search/$",
        "Sitemap: http://testserver/sitemap.xml",
        "",
    ]


def test_the_icon_is_found_where_browsers_look_for_it(client):
    response = client.get("/favicon.ico")

    assert response.status_code == 302
    assert client.get(response["Location"])["Content-Type"] == "image/svg+xml"


def test_who_watches_the_process_is_told_that_it_is_well(client):
    set_site(title="Anything")

    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert "no-store" in response["Cache-Control"]
