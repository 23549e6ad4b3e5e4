"""Month archives."""

from datetime import timedelta

import pytest

from tests.factories import make_blogmark, make_entry, make_note, make_timeline, utc
from tests.helpers.browsing import paths, permalinks, texts, urls_of, visit

pytestmark = pytest.mark.django_db


def test_posts_are_listed_oldest_first(client):
    posts = make_timeline(4, start=utc(2024, 6, 1, 0), step=timedelta(days=9))
    make_note(published=utc(2024, 5, 31, 23, 59))
    make_note(published=utc(2024, 7, 1, 0))

    page = visit(client, "/2024/Jun/")

    assert texts(page, "h1") == ["June 2024"]
    assert permalinks(page) == urls_of(posts)


def test_each_day_has_a_heading_that_links_to_it(client):
    make_timeline(4, start=utc(2024, 6, 8, 23, 58))

    page = visit(client, "/2024/Jun/")

    assert texts(page, "main h2") == ["Saturday, 8th June 2024", "Sunday, 9th June 2024"]
    assert paths(page, "main h2 a") == ["/2024/Jun/8/", "/2024/Jun/9/"]


def test_posts_are_counted_by_kind(client):
    make_entry(published=utc(2024, 6, 1))
    for day in (2, 3):
        make_blogmark(published=utc(2024, 6, day))
    make_blogmark(published=utc(2024, 6, 4), is_draft=True)

    page = visit(client, "/2024/Jun/")

    assert texts(page, ".tally") == ["1 entry, 2 links"]


def test_the_calendar_marks_no_day_as_the_current_one(client):
    make_note(published=utc(2024, 6, 8))

    calendar = visit(client, "/2024/Jun/").select_one(".calendar")

    assert paths(calendar, "td a") == ["/2024/Jun/8/"]
    assert calendar.select("[aria-current]") == []


def test_the_nearest_months_with_posts_are_linked(client):
    for published in (utc(2023, 11, 5), utc(2024, 6, 8), utc(2025, 1, 31)):
        make_note(published=published)

    page = visit(client, "/2024/Jun/")

    assert paths(page, "main a[rel=prev]") == ["/2023/Nov/"]
    assert paths(page, "main a[rel=next]") == ["/2025/Jan/"]


def test_it_has_thirty_posts_a_page(client):
    posts = make_timeline(31)

    assert permalinks(visit(client, "/2024/Jun/")) == urls_of(posts[:30])
    assert permalinks(visit(client, "/2024/Jun/?page=2")) == urls_of(posts[30:])


def test_other_spellings_redirect_to_the_canonical_url(client):
    response = client.get("/2024/jUN/?page=2")

    assert response.status_code == 301
    assert response["Location"] == "/2024/Jun/?page=2"


def test_a_month_without_public_posts_is_not_found(client):
    make_note(published=utc(2024, 6, 8), is_draft=True)

    visit(client, "/2024/Jun/", status=404)


@pytest.mark.parametrize("path", ["/2024/June/", "/2024/06/", "/2024/Juni/"])
def test_other_names_of_months_are_not_found(client, path):
    make_note(published=utc(2024, 6, 8))

    visit(client, path, status=404)
