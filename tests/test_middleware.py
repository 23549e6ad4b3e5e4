"""The middleware, tested on whole requests."""

from base64 import b64encode
from hashlib import sha256

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.factories import make_entry, make_note, make_redirect, set_site, utc
from tests.helpers.browsing import raw_request

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "query"), [("/\0", ""), ("/a\0b/", ""), ("/", "q=%00"), ("/search/", "q=a%00b"), ("/", "a\0b")]
)
def test_nul_is_rejected_before_anything_else(path, query):
    response = raw_request(path, query)

    assert response.status_code == 400
    assert b"This address is invalid" in response.content


@pytest.mark.parametrize(
    ("query", "repaired"),
    [
        ("q=a&amp;tag=b", "q=a&tag=b"),
        ("q=a&amp%3Btag=b", "q=a&tag=b"),
        ("q=&amp;page=2", "q=&page=2"),
        ("q=a&amp;tag=%26amp%3B", "q=a&tag=%26amp%3B"),
    ],
)
def test_an_escaped_ampersand_in_the_query_is_repaired(query, repaired):
    response = raw_request("/search/", query)

    assert (response.status_code, response["Location"]) == (302, f"/search/?{repaired}")


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("//evil.example/", "/%2Fevil.example/?a&b"),
        ("//evil.example//..", "/%2Fevil.example//..?a&b"),
        ("/a?b/", "/a%3Fb/?a&b"),
        ("/größe/", "/gr%C3%B6%C3%9Fe/?a&b"),
    ],
)
def test_the_repaired_url_has_the_same_path_on_the_same_site(path, location):
    assert raw_request(path, "a&amp;b")["Location"] == location


def test_a_form_is_not_repaired():
    assert Client().post("/search/?q=a&amp;b").status_code == 405


@pytest.mark.parametrize("path", ["/tags/a&amp;b/", "/a&amp;b", "/%2525252525", "//", "///", "/%"])
def test_an_odd_path_is_a_404(path):
    assert raw_request(path).status_code == 404


def test_pages_use_the_language_and_time_zone_of_the_site(client):
    set_site(language="de", time_zone="Europe/Berlin")
    make_note(published=utc(2024, 6, 8, 22, 30))

    page = client.get("/2024/Jun/9/").content.decode()

    assert "Sonntag" in page
    assert "2024-06-09T00:30:00+02:00" in page


def test_the_language_does_not_leak_into_the_next_request(client):
    set_site(language="de")
    client.get("/")

    set_site(language="en")
    make_note(published=utc(2024, 6, 8))

    assert b"Saturday" in client.get("/2024/Jun/8/").content


def test_frames_are_allowed_only_from_hosts_the_author_lists(client):
    assert "frame-src 'none'" in client.get("/")["Content-Security-Policy"]

    set_site(embed_hosts="video.example player.example")

    policy = client.get("/")["Content-Security-Policy"].split("; ")
    assert "frame-src https://video.example https://player.example" in policy


def test_the_theme_is_the_only_inline_script(client):
    response = client.get("/")
    page = BeautifulSoup(response.content, "lxml")
    [script] = page.select("script:not([src]):not([type])")
    fingerprint = b64encode(sha256(script.string.encode()).digest()).decode()
    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))

    assert policy["default-src"] == "'self'"
    assert policy["script-src"] == f"'self' 'sha256-{fingerprint}'"
    assert "unsafe" not in str(policy)


def test_only_the_style_sheet_blocks_the_first_paint(client):
    page = BeautifulSoup(client.get("/").content, "lxml")

    assert len(page.select("link[rel=stylesheet]")) == 1
    assert not page.select("script[src]:not([type=module]):not([defer]):not([async])")


@pytest.mark.parametrize("status", [200, 404, 400])
def test_every_response_has_security_headers(status):
    response = raw_request({200: "/", 404: "/nothing/", 400: "/\0"}[status])

    assert response.status_code == status
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_public_pages_depend_on_no_cookies(client):
    post = make_entry(published=utc(2024, 6, 8), tags=["sea"])
    paths = [
        "/",
        "/2024/",
        "/2024/Jun/",
        "/2024/Jun/8/",
        post.get_absolute_url(),
        "/entries/",
        "/tags/",
        "/tags/sea/",
    ]

    for path in [*paths, "/search/?q=sea", "/about/", "/atom/everything/", "/series/", "/sitemap.xml"]:
        response = client.get(path)
        assert "Cookie" not in response.get("Vary", ""), path
        assert not response.cookies, path


def test_an_unknown_path_redirects_to_the_authors_target():
    make_redirect(path="old/page.html", target="/2024/Jun/8/new/")
    make_redirect(path="elsewhere", target="https://example.com/?a=b")

    assert raw_request("/old/page.html")["Location"] == "/2024/Jun/8/new/"
    assert raw_request("/elsewhere")["Location"] == "https://example.com/?a=b"
    assert raw_request("/old/page.html").status_code == 301


def test_a_redirect_keeps_the_query_unless_the_target_has_one_or_a_fragment():
    make_redirect(path="old", target="/new/")
    make_redirect(path="older", target="/new/?a=b")
    make_redirect(path="oldest", target="/new/#part")

    assert raw_request("/old", "x=1&y=%26")["Location"] == "/new/?x=1&y=%26"
    assert raw_request("/older", "x=1")["Location"] == "/new/?a=b"
    assert raw_request("/oldest", "x=1")["Location"] == "/new/#part"


def test_a_page_of_the_weblog_takes_precedence_over_a_redirect():
    make_redirect(path="entries/", target="/elsewhere/")

    assert raw_request("/entries/").status_code == 200


def test_a_redirect_for_every_path_appends_path_and_query():
    make_redirect(path="*", target="https://old.example/")
    make_redirect(path="one/", target="/two/")

    assert raw_request("/some/page", "a=b")["Location"] == "https://old.example/some/page?a=b"
    assert raw_request("/one/")["Location"] == "/two/"


def test_a_redirect_of_another_host_does_not_apply_here():
    make_redirect(domain="old.example", path="page.html", target="/new/")

    assert raw_request("/page.html").status_code == 404


def test_pages_of_the_weblog_do_not_query_redirects(client, django_assert_max_num_queries):
    set_site()
    make_redirect()

    with django_assert_max_num_queries(6) as captured:
        client.get("/")

    assert not [query for query in captured if "blog_redirect" in query["sql"]]


@pytest.fixture
def other_hosts(settings):
    settings.SITE_URL = "https://example.com"
    settings.ALLOWED_HOSTS = ["example.com", "www.example.com", "old.example", "127.0.0.1"]


@pytest.mark.usefixtures("other_hosts")
@pytest.mark.parametrize(
    ("host", "path", "location"),
    [
        ("www.example.com", "/tags/a/", "https://example.com/tags/a/?b=c"),
        ("old.example", "/page", "https://example.com/new/?b=c"),
        ("old.example", "/other", "https://example.com/archive/other?b=c"),
        ("www.example.com", "//evil.example/", "https://example.com//evil.example/?b=c"),
    ],
)
def test_another_host_redirects_to_the_site(host, path, location):
    make_redirect(domain="old.example", path="page", target="https://example.com/new/")
    make_redirect(domain="old.example", path="*", target="https://example.com/archive/")

    response = raw_request(path, "b=c", host=host)

    assert (response.status_code, response["Location"]) == (301, location)


@pytest.mark.usefixtures("other_hosts")
def test_the_site_itself_and_health_checks_are_not_redirected():
    assert raw_request("/", host="example.com").status_code == 200
    assert raw_request("/healthz", host="127.0.0.1").status_code == 200


def test_an_unknown_host_is_rejected():
    assert raw_request("/", host="evil.example").status_code == 400
