"""The web app manifest (W3C) and the site's icons."""

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


def test_it_describes_the_site(manifest):
    assert (manifest["name"], manifest["description"], manifest["lang"]) == ("Harbour", "Of boats", "en-GB")
    assert manifest["start_url"] == manifest["scope"] == "/"
    assert manifest["display"] == "minimal-ui"


def test_the_share_target_is_the_capture_form(manifest, admin_client):
    target = manifest["share_target"]

    assert target["method"] == "GET"
    query = {target["params"]["title"]: "Boats", target["params"]["text"]: "https://example.com/boats"}
    response = admin_client.get(target["action"], query)
    assert b'value="https://example.com/boats"' in response.content


def icons(manifest, media_type):
    return [icon for icon in manifest["icons"] if icon["type"] == media_type]


def test_png_icons_have_the_sizes_that_it_states(manifest):
    found = icons(manifest, "image/png")

    assert len(found) == 3
    for icon in found:
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


def test_svg_icons_exist(client, manifest):
    found = icons(manifest, "image/svg+xml")

    assert [icon["purpose"] for icon in found] == ["any", "maskable"]
    for icon in found:
        assert client.get(icon["src"])["Content-Type"] == "image/svg+xml"


def test_an_unknown_accent_has_no_icon(client):
    assert client.get("/icons/red.svg").status_code == 404


@pytest.mark.parametrize("path", ["/", "/admin/", "/admin/capture/"])
def test_pages_link_to_it(admin_client, path):
    assert visit(admin_client, path).select("link[rel=manifest][href='/manifest.webmanifest']")
