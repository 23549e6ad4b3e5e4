"""The home page."""

from datetime import timedelta

import pytest

from blog.models import Post
from tests.factories import make_entry, make_note, make_timeline, set_site, utc
from tests.helpers.browsing import paths, permalinks, text, texts, urls_of, visit

pytestmark = pytest.mark.django_db


def test_it_shows_the_newest_thirty_posts_of_every_kind(client):
    posts = make_timeline(33)

    page = visit(client, "/")

    assert permalinks(page) == urls_of(reversed(posts))[:30]


def test_each_day_has_one_heading_that_links_to_it(client):
    make_timeline(3, start=utc(2024, 6, 8, 23, 58))

    page = visit(client, "/")

    assert texts(page, "main h2") == ["Sunday, 9th June 2024", "Saturday, 8th June 2024"]
    assert paths(page, "main h2 a") == ["/2024/Jun/9/", "/2024/Jun/8/"]


def test_the_end_of_the_page_links_to_the_month(client):
    make_timeline(31, step=timedelta(days=1))

    assert "/2024/Jun/" in paths(visit(client, "/"), "main a")


def test_the_newest_ten_entries_are_listed_beside_the_posts(client):
    entries = [make_entry(published=utc(2024, 6, day)) for day in range(1, 13)]
    make_note()

    page = visit(client, "/")

    assert paths(page, ".recent a") == urls_of(reversed(entries))[:10]
    assert texts(page, ".recent a")[0] == entries[-1].headline


def test_an_empty_site_says_so(client):
    page = visit(client, "/")

    assert "Nothing has been posted yet" in text(page.main)
    assert permalinks(page) == []


def test_titles_and_metadata_come_from_the_site_settings(client):
    set_site(
        title="Tom & Jerry <b>", tagline="Cats & mice", author_name="J.", language="de", licence="CC BY 4.0"
    )

    page = visit(client, "/")

    assert page.title.get_text() == "Tom & Jerry <b>"
    assert texts(page, "h1") == ["Tom & Jerry <b>"]
    assert page.html["lang"] == "de"
    assert page.select_one("meta[name=author]")["content"] == "J."
    assert page.select_one("meta[name=description]")["content"] == "Cats & mice"
    assert "CC BY 4.0" in text(page.footer)


def test_profile_links_have_rel_me(client):
    set_site(links="Elsewhere https://social.example/@me")

    page = visit(client, "/")

    assert paths(page, "a[rel~=me]") == ["https://social.example/@me"]
    assert texts(page, "a[rel~=me]") == ["Elsewhere"]


def test_the_navigation_links_to_every_kind_and_the_tags(client):
    page = visit(client, "/")

    assert paths(page, "nav[aria-label=Site] a") == [
        *(f"/{kind.listing}/" for kind in Post.kinds().values()),
        "/tags/",
    ]


def test_the_footer_links_to_every_year_with_public_posts(client):
    make_note(published=utc(2002, 6, 8))
    make_note(published=utc(2024, 6, 8))
    make_note(published=utc(1999, 6, 8), is_draft=True)

    assert sorted(paths(visit(client, "/"), "nav[aria-label=Years] a")) == ["/2002/", "/2024/"]


def test_an_update_is_shown(client):
    post = make_note(published=utc(2024, 6, 8))
    post.body = "Changed."
    post.save()

    page = visit(client, "/")

    assert page.select_one(".h-entry .dt-updated")["datetime"][:10] == f"{post.updated:%Y-%m-%d}"
