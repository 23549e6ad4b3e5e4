"""The site as an app (W3C Web Application Manifest), with which pages can be shared."""

import struct
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from blog.images import share_card
from tests.factories import set_site
from tests.helpers.browsing import visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def manifest(client):
    set_site(title="Harbour", tagline="Of boats", language="en-GB")
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    return response.json()


def test_it_says_who_the_site_is(manifest):
    assert (manifest["name"], manifest["description"], manifest["lang"]) == ("Harbour", "Of boats", "en-GB")
    assert manifest["start_url"] == manifest["scope"] == "/"
    assert manifest["display"] == "minimal-ui"


def test_pages_are_shared_with_the_capture_form(manifest, admin_client):
    target = manifest["share_target"]

    assert target["method"] == "GET"
    query = {target["params"]["title"]: "Boats", target["params"]["text"]: "https://example.com/boats"}
    response = admin_client.get(target["action"], query)
    assert b'value="https://example.com/boats"' in response.content


def test_its_icons_are_as_large_as_it_says(manifest):
    for icon in manifest["icons"]:
        if icon["type"] == "image/png":
            file = finders.find(icon["src"].removeprefix("/static/"))
            width, height = struct.unpack(">II", Path(file).read_bytes()[16:24])
            assert f"{width}x{height}" == icon["sizes"]


@pytest.mark.parametrize("accent", share_card.HUES)
def test_icons_have_the_colour_of_the_accent(client, accent):
    set_site(accent=accent)
    page = visit(client, "/")
    [named] = client.get("/manifest.webmanifest").json()["icons"][:1]
    address = page.select_one("link[rel=icon]")["href"]

    icon = client.get(address)

    assert client.get("/favicon.ico").url == named["src"] == address
    assert icon["Content-Type"] == "image/svg+xml"
    assert "#{:02x}{:02x}{:02x}".format(*share_card.colour(accent)) in icon.content.decode()


def test_every_icon_of_the_manifest_is_there(client, manifest):
    for icon in manifest["icons"]:
        if icon["type"] == "image/svg+xml":
            assert client.get(icon["src"]).status_code == 200


def test_there_is_no_icon_of_another_colour(client):
    assert client.get("/icons/red.svg").status_code == 404


@pytest.mark.parametrize("path", ["/", "/admin/", "/admin/capture/"])
def test_pages_name_it(admin_client, path):
    assert visit(admin_client, path).select("link[rel=manifest][href='/manifest.webmanifest']")
