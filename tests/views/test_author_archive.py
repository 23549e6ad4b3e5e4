"""Posts by author, on sites where several people write."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import FACTORIES, make_entry, make_note, make_timeline, set_site, utc
from tests.feeds.reading import NAMES, fetch, fetch_json, fetch_rss
from tests.helpers.browsing import permalinks, submit, text, texts, urls_of, visit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site():
    return set_site(title="Harbour", author_name="The site")


@pytest.fixture
def ada(django_user_model):
    return django_user_model.objects.create(username="ada", first_name="Ada", last_name="Lovelace")


@pytest.fixture
def bob(django_user_model):
    return django_user_model.objects.create(username="bob", first_name="Bob", last_name="Ross")


@pytest.fixture
def posts(ada, bob):
    """An entry by each author, and a note by nobody, on one day."""
    return [
        make_entry(author=ada, slug="ada", published=utc(2024, 6, 8, 9)),
        make_entry(author=bob, slug="bob", published=utc(2024, 6, 8, 10)),
        make_note(slug="nobody", published=utc(2024, 6, 8, 11)),
    ]


def authors(page):
    """(name, URL) of each author that posts on the page name; the URL is None without a link."""
    return [(text(author), author.get("href")) for author in page.select(".h-entry .p-author")]


LISTS = ["/", "/2024/Jun/8/", "/2024/Jun/", "/entries/"]


# A single author


@pytest.mark.parametrize("path", [*LISTS, "/2024/Jun/8/rain/"])
def test_a_single_author_is_not_named(client, ada, path):
    make_entry(author=ada, slug="rain", published=utc(2024, 6, 8))

    page = visit(client, path)

    assert authors(page) == []
    assert "Lovelace" not in text(page.body)


def test_a_single_author_has_no_archive(client, ada):
    make_note(author=ada)

    assert client.get("/by/ada/").status_code == 404


def test_the_feed_of_a_single_author_names_the_author_of_the_site(client, ada):
    make_note(author=ada)

    names = fetch(client).xpath("//atom:author/atom:name/text()", namespaces=NAMES)

    assert set(names) == {"The site"}


# Several authors


@pytest.mark.parametrize("path", LISTS)
def test_lists_name_the_author_of_each_post(client, posts, path):
    found = authors(visit(client, path))

    assert sorted(found) == [("Ada Lovelace", "/by/ada/"), ("Bob Ross", "/by/bob/")]


@pytest.mark.parametrize("kind", FACTORIES)
def test_a_permalink_names_the_author_of_the_post(client, posts, ada, kind):
    post = FACTORIES[kind](author=ada)

    page = visit(client, post.get_absolute_url())

    assert authors(page)[0] == ("Ada Lovelace", "/by/ada/")


def test_a_post_without_an_author_names_nobody(client, posts):
    assert authors(visit(client, "/2024/Jun/8/nobody/")) == []


def test_a_guest_is_named_instead_of_the_author(client, posts, ada):
    make_entry(author=ada, byline="A guest", slug="guest", published=utc(2024, 6, 9))

    page, feed = visit(client, "/2024/Jun/9/guest/"), fetch(client)

    assert authors(page) == [("A guest", None)]
    assert feed.xpath("//atom:entry[1]/atom:author/atom:name/text()", namespaces=NAMES) == ["A guest"]


def test_feeds_of_all_formats_name_the_author_of_each_item(client, posts):
    expected = ["The site", "Bob Ross", "Ada Lovelace"]

    atom, rss, items = fetch(client), fetch_rss(client), fetch_json(client)["items"]

    assert atom.xpath("//atom:entry/atom:author/atom:name/text()", namespaces=NAMES) == expected
    assert rss.xpath("//item/dc:creator/text()", namespaces=NAMES) == expected
    assert [item["authors"][0]["name"] for item in items] == expected


@pytest.mark.parametrize(
    ("slug", "name"), [("ada", "Ada Lovelace"), ("bob", "Bob Ross"), ("nobody", "The site")]
)
def test_linked_data_names_the_author_of_the_post(client, posts, slug, name):
    page = visit(client, f"/2024/Jun/8/{slug}/")

    data = json.loads(page.select_one("script[type='application/ld+json']").string)

    assert data["author"] == {"@type": "Person", "name": name}


def test_an_archive_lists_the_posts_of_its_author_newest_first(client, posts, ada):
    newer = make_note(author=ada, published=utc(2024, 6, 9))

    page = visit(client, "/by/ada/")

    assert texts(page, "h1") == ["Posts by Ada Lovelace"]
    assert page.title.get_text() == "Posts by Ada Lovelace — Harbour"
    assert permalinks(page) == urls_of([newer, posts[0]])
    assert "2 posts" in text(page.main)


@pytest.mark.parametrize("fields", [{"is_draft": True}, {"published": utc(2999, 1, 1)}])
def test_an_archive_has_no_drafts_and_no_scheduled_posts(client, posts, ada, fields):
    make_note(author=ada, body="Secret.", **fields)

    page = visit(client, "/by/ada/")

    assert permalinks(page) == urls_of([posts[0]])
    assert "Secret" not in text(page.body)


def test_only_authors_of_public_posts_have_archives(client, posts, django_user_model):
    make_note(author=django_user_model.objects.create(username="eve"), is_draft=True)

    assert client.get("/by/eve/").status_code == 404
    assert client.get("/by/nobody/").status_code == 404


def test_an_archive_has_pages(client, posts, ada, monkeypatch):
    monkeypatch.setattr("blog.views.listings.AuthorArchive.paginate_by", 1)
    make_note(author=ada, published=utc(2024, 6, 9))

    assert permalinks(visit(client, "/by/ada/?page=2")) == urls_of([posts[0]])
    assert client.get("/by/ada/?page=3").status_code == 404


@pytest.mark.parametrize("username", ["a.b+c@example.com", "Ünal", "-"])
def test_any_username_makes_a_url(client, posts, django_user_model, username):
    post = make_note(author=django_user_model.objects.create(username=username))

    [(_, url)] = authors(visit(client, post.get_absolute_url()))[:1]

    assert permalinks(visit(client, url)) == urls_of([post])


# Accounts


def test_a_renamed_user_has_the_new_name_on_every_page(client, admin_client, posts, bob):
    visit(client, "/")

    form = reverse("admin:auth_user_change", args=[bob.pk])
    submit(admin_client, form, "#user_form", username="robert", first_name="Robert")

    assert authors(visit(client, "/"))[0] == ("Robert Ross", "/by/robert/")
    assert client.get("/by/bob/").status_code == 404
    assert texts(visit(client, "/by/robert/"), "h1") == ["Posts by Robert Ross"]


def test_once_a_user_is_deleted_the_other_author_is_not_named(client, admin_client, posts, bob):
    visit(client, "/")

    admin_client.post(reverse("admin:auth_user_delete", args=[bob.pk]), {"post": "yes"})

    page = visit(client, "/")
    assert authors(page) == []
    assert len(permalinks(page)) == 3
    assert client.get("/by/ada/").status_code == 404


# Costs and caches


def count_queries(client, path):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("path", ["/", "/entries/", "/2024/Jun/8/", "/2024/Jun/8/rain/", "/atom/everything/"])
def test_naming_authors_costs_no_query(client, ada, bob, path):
    make_entry(author=ada, slug="rain", published=utc(2024, 6, 8))
    post = make_entry(author=ada, published=utc(2024, 6, 8))
    count_queries(client, path)
    set_site(tagline="Before")
    before = count_queries(client, path)

    post.author = bob
    post.save()

    assert count_queries(client, path) == before


def test_an_archive_costs_the_same_few_queries_for_any_number_of_posts(client, posts, ada):
    client.get("/by/ada/")
    few = count_queries(client, "/by/ada/")
    make_timeline(40, start=utc(2024, 6, 8), author=ada)

    client.get("/by/ada/")

    assert count_queries(client, "/by/ada/") == few <= 6


def test_an_archive_has_the_surrogate_keys_of_its_author_and_posts(
    client, settings, monkeypatch, posts, ada, bob
):
    monkeypatch.setattr("blog.caching.middleware.purge_thread.start", lambda: None)
    settings.PURGER = {"BACKEND": "blog.caching.purgers.Varnish", "OPTIONS": {"url": "http://127.0.0.1:9/"}}

    keys = set(client.get("/by/ada/")["Surrogate-Key"].split())

    assert {f"author-{ada.pk}", f"post-{posts[0].pk}", "all"} <= keys
    assert not {f"author-{bob.pk}", f"post-{posts[1].pk}"} & keys
