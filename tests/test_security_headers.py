"""Security headers of every response."""

import pytest
from bs4 import BeautifulSoup


@pytest.fixture
def login(client, db):
    return client.get("/admin/login/")


def test_the_policy_allows_only_the_own_origin_and_no_frames(login):
    policy = dict(directive.split(" ", 1) for directive in login["Content-Security-Policy"].split("; "))

    assert "unsafe" not in login["Content-Security-Policy"]
    assert policy["default-src"] == "'self'"
    assert policy["frame-src"] == "'none'"
    assert policy["object-src"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == "'self'"


def test_the_admin_follows_the_policy(login, admin_client):
    for response in [login, admin_client.get("/admin/")]:
        page = BeautifulSoup(response.content, "lxml")

        assert not page.select("style, [style], [onclick], script:not([src], [type='application/json'])")


def test_the_other_security_headers_are_set(login):
    assert login["X-Content-Type-Options"] == "nosniff"
    assert login["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert login["Cross-Origin-Opener-Policy"] == "same-origin"
    assert login["X-Frame-Options"] == "SAMEORIGIN"
