"""The pages of linked sites, and of the sites where links were found (via)."""

import pytest

from blog.timeline import by_site
from tests.factories import make_blogmark, make_note, make_quotation, utc
from tests.helpers.browsing import permalinks, text, texts, urls_of, visit

pytestmark = pytest.mark.django_db


def test_a_site_lists_every_post_that_links_to_it_newest_first(client):
    posts = [
        make_blogmark(link_url="https://www.example.com/a", published=utc(2024, 6, 8)),
        make_note(body="See [it](http://example.com/b).", published=utc(2023, 6, 8)),
        make_quotation(source_url="https://example.com/", published=utc(2022, 6, 8)),
        make_blogmark(
            link_url="https://example.org/", via_url="https://example.com/", published=utc(2021, 6, 8)
        ),
    ]
    make_note(body="Nothing.")

    page = visit(client, "/links/example.com/")

    assert permalinks(page) == urls_of(posts)
    assert text(page.h1) == "Posts that link to example.com"
    assert "4 posts" in texts(page, ".tally")


def test_a_via_page_lists_the_posts_whose_links_were_found_there(client):
    found = make_blogmark(link_url="https://example.org/", via_url="https://www.example.com/a")
    make_blogmark(link_url="https://example.com/")

    assert permalinks(visit(client, "/via/example.com/")) == urls_of([found])


@pytest.mark.parametrize(("path", "hosts"), [
    ("/links/", ["example.com 3", "example.net 1", "example.org 1"]),
    ("/via/", ["example.net 1", "example.org 1"]),
])  # fmt: skip
def test_the_indexes_of_sites_count_links(client, path, hosts):
    for via in ("https://example.org/", "https://example.net/", ""):
        make_blogmark(link_url="https://example.com/", via_url=via, body="")
    make_blogmark(link_url="https://example.com/", via_url="https://hidden.example/", is_draft=True)

    page = visit(client, path)

    assert texts(page, ".sites li") == hosts
    for link in page.select(".sites a"):
        visit(client, link["href"])


def test_the_indexes_say_when_older_links_are_not_counted(client, monkeypatch):
    monkeypatch.setattr(by_site, "MAX_COUNTED_LINKS", 2)
    monkeypatch.setattr("blog.views.linked_sites.MAX_COUNTED_LINKS", 2)
    for n in range(3):
        make_blogmark(link_url=f"https://{n}.example/", body="")

    page = visit(client, "/links/")

    assert texts(page, ".sites li") == ["1.example 1", "2.example 1"]
    assert "Only the newest 2 links are counted." in text(page.select_one(".tally"))


def test_the_indexes_exist_before_the_first_link(client):
    for path in ("/links/", "/via/"):
        assert texts(visit(client, path), ".empty") == ["There are none yet."]


@pytest.mark.parametrize("host", ["nowhere.example", "hidden.example", "com", "a" * 300])
def test_a_site_that_no_public_post_links_to_is_not_found(client, host):
    make_blogmark(link_url="https://hidden.example/", via_url="https://hidden.example/", is_draft=True)

    assert client.get(f"/links/{host}/").status_code == 404
    assert client.get(f"/via/{host}/").status_code == 404


@pytest.mark.parametrize("path", ["/links/WWW.Example.com/", "/via/www.example.com/"])
def test_other_spellings_of_a_host_redirect_to_the_canonical_url(client, path):
    make_blogmark(link_url="https://example.com/", via_url="https://example.com/")

    response = client.get(f"{path}?page=1")

    assert response.status_code == 301
    assert response["Location"] == f"/{path.split('/')[1]}/example.com/?page=1"


def test_a_link_post_links_to_other_links_to_its_site(client):
    other = make_blogmark(link_url="https://example.com/a")
    post = make_blogmark(link_url="https://www.example.com/b")

    [link] = visit(client, post.get_absolute_url()).select(".target a")

    assert link["title"] == "Other links to example.com"
    assert other.get_absolute_url() in permalinks(visit(client, link["href"]))


def test_a_host_that_does_not_fit_into_a_url_is_not_linked(client):
    post = make_blogmark(link_url="https://a%20b.example/")

    assert visit(client, post.get_absolute_url()).select(".target a") == []
