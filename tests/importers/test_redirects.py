"""The import of redirects, which work on whatever host the weblog runs."""

import pytest

from blog.models import Redirect
from tests.factories import make_redirect, utc

pytestmark = pytest.mark.django_db


def redirect(archive, **values):
    """Add a redirect to an archive whose own host is blog.example, as two others establish."""
    if not archive.rows["redirects_redirect"]:
        for n in range(2):
            archive.add("redirects_redirect", path=f"filler-{n}")
    return archive.add("redirects_redirect", **values)


def test_a_redirect_of_the_sites_own_host_works_on_any_host(archive, client):
    redirect(archive, domain="blog.example", path="js/Old.html", target="/2024/")

    archive.load()

    response = client.get("/js/Old.html")
    assert (response.status_code, response.url) == (301, "/2024/")
    assert client.get("/js/Old.html", headers={"host": "localhost"}).url == "/2024/"


def test_targets_are_not_changed(archive):
    target = "https://blog.example/2003/Jun/17/definitionLists/?a=b c#d"
    redirect(archive, domain="blog.example", path="old/", target=target)

    archive.load()

    assert Redirect.objects.get(path="old/").target == target


def test_a_redirect_of_another_host_applies_only_there(archive, client, settings):
    redirect(archive, domain="feeds.example", path="feed.xml", target="https://blog.example/atom/everything/")
    settings.ALLOWED_HOSTS = ["feeds.example", "testserver"]

    archive.load()

    assert client.get("/feed.xml").status_code == 404
    assert (
        client.get("/feed.xml", headers={"host": "feeds.example"}).url
        == "https://blog.example/atom/everything/"
    )


def test_a_wildcard_redirect_covers_every_path_of_its_host(archive, client, settings):
    redirect(archive, domain="WWW.example", path="*", target="https://blog.example/")
    settings.ALLOWED_HOSTS = ["www.example"]

    archive.load()

    response = client.get("/any/thing?a=b", headers={"host": "www.example"})
    assert response.url == "https://blog.example/any/thing?a=b"


def test_a_leading_slash_of_a_path_is_removed(archive):
    redirect(archive, domain="old.example", path="/syndicate/rss")

    archive.load()

    assert Redirect.objects.filter(domain="old.example", path="syndicate/rss").exists()


def test_the_creation_time_of_a_redirect_is_imported(archive):
    redirect(archive, path="x")

    archive.load()

    created = Redirect.objects.get(path="x").created
    assert created.replace(second=0, microsecond=0) == utc(2017, 10, 1, 21, 11)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"target": "javascript:alert(1)"}, "has a javascript: URL in target, which cannot be linked to"),
        ({"target": "mailto:me@example.com"}, "redirects to mailto:me@example.com, which is not a web page"),
        ({"target": None}, "has no target"),
        ({"domain": "blog.example", "path": "x/", "target": "/x/"}, "redirects to itself"),
        (
            {"domain": "blog.example", "path": "x/", "target": "https://blog.example/x/"},
            "redirects to itself",
        ),
        ({"domain": "blog.example", "path": "*", "target": "https://blog.example/"}, "redirects to itself"),
        ({"domain": "", "path": "", "target": "/"}, "redirects to itself"),
        ({"path": "a" * 501}, "has 501 characters in path; the limit is 500"),
        ({"created": "then"}, "has no valid time in created: “then”"),
    ],
)
def test_an_invalid_redirect_is_skipped(archive, values, reason):
    redirect(archive, id=9, **values)

    report = archive.load()

    assert f"redirects_redirect 9: {reason}" in str(report)
    assert Redirect.objects.count() == 2


def test_line_breaks_in_a_target_do_not_reach_the_header(archive, client):
    redirect(archive, domain="blog.example", path="x", target="/2024/\r\nSet-Cookie: a=b")

    archive.load()

    assert client.get("/x").url == "/2024/Set-Cookie:%20a=b"


def test_a_redirect_made_by_the_author_stays(archive):
    make_redirect(domain="old.example", path="there", target="/mine/")
    archive.add("redirects_redirect")

    report = archive.load()

    assert Redirect.objects.get().target == "/mine/"
    assert "redirects_redirect 1 is ignored: /there already redirects to /mine/" in str(report)


def test_without_a_most_common_target_host_redirects_keep_their_domains(archive):
    archive.add("redirects_redirect", domain="old.example", target="/here/")

    archive.load()

    assert Redirect.objects.get().domain == "old.example"
