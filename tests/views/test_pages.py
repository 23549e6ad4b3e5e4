"""Pages beside the timeline, robots.txt, the favicon and the health check."""

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


def test_every_page_links_to_about_which_exists_from_the_start(client):
    assert "/about/" in paths(visit(client, "/"), "footer a")
    assert text(visit(client, "/about/").h1) == "About"


def test_only_staff_see_a_draft(client, admin_client):
    make_page(slug="plans", is_draft=True)

    visit(client, "/plans/", status=404)
    response = admin_client.get("/plans/")

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert b'<meta name="robots" content="noindex">' in response.content


def test_an_unknown_page_is_not_found(client):
    Page.objects.all().delete()

    visit(client, "/about/", status=404)


def test_robots_may_crawl_everything_but_the_admin_and_searches(client):
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


def test_favicon_ico_redirects_to_the_icon(client):
    response = client.get("/favicon.ico")

    assert response.status_code == 302
    assert client.get(response["Location"])["Content-Type"] == "image/svg+xml"


def test_the_health_check_succeeds(client):
    set_site(title="Anything")

    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert "no-store" in response["Cache-Control"]
