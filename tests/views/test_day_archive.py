"""Day archives."""

import pytest

from tests.factories import (
    make_blogmark,
    make_entry,
    make_note,
    make_quotation,
    make_timeline,
    set_site,
    utc,
)
from tests.helpers.browsing import paths, permalinks, text, texts, urls_of, visit

pytestmark = pytest.mark.django_db


def test_heading_and_title_are_the_full_date(client):
    make_note(published=utc(2024, 12, 20))

    page = visit(client, "/2024/Dec/20/")

    assert texts(page, "h1") == ["Friday, 20th December 2024"]
    assert page.title.get_text().startswith("Friday, 20th December 2024")


def test_all_posts_of_the_day_are_listed_newest_first(client):
    posts = make_timeline(40)
    make_note(published=utc(2024, 6, 7, 23, 59))
    make_note(published=utc(2024, 6, 9, 0, 0))

    page = visit(client, "/2024/Jun/8/")

    assert permalinks(page) == urls_of(reversed(posts))


@pytest.mark.parametrize(
    ("hour", "minute", "shown"),
    [(21, 43, "# 9:43 pm"), (9, 0, "# 9 am"), (0, 5, "# 12:05 am"), (12, 0, "# 12 pm")],
)
def test_each_post_has_a_permalink_with_its_time(client, hour, minute, shown):
    post = make_note(published=utc(2024, 6, 8, hour, minute))

    page = visit(client, "/2024/Jun/8/")

    assert texts(page, "a[rel~=bookmark]") == [shown]
    assert permalinks(page) == [post.get_absolute_url()]


def test_times_are_in_the_time_zone_of_the_site(client):
    set_site(time_zone="America/Los_Angeles")
    make_note(published=utc(2024, 6, 9, 6, 30))

    page = visit(client, "/2024/Jun/8/")

    assert texts(page, "a[rel~=bookmark]") == ["# 11:30 pm"]
    assert page.time["datetime"] == "2024-06-08T23:30:00-07:00"


def test_the_nearest_days_with_posts_are_linked_across_months_years_and_kinds(client):
    make_blogmark(published=utc(2022, 12, 30))
    make_entry(published=utc(2023, 5, 31))
    make_quotation(published=utc(2024, 2, 29))

    page = visit(client, "/2023/May/31/")

    assert paths(page, "main a[rel=prev]") == ["/2022/Dec/30/"]
    assert paths(page, "main a[rel=next]") == ["/2024/Feb/29/"]
    assert "Friday, 30th December 2022" in text(page.select_one("main a[rel=prev]"))


def test_days_without_public_posts_are_skipped(client):
    make_note(published=utc(2024, 6, 1))
    make_note(published=utc(2024, 6, 5), is_draft=True)
    make_note(published=utc(2024, 6, 8))

    assert paths(visit(client, "/2024/Jun/8/"), "main a[rel=prev]") == ["/2024/Jun/1/"]


def test_the_only_day_has_no_neighbours(client):
    make_note(published=utc(2024, 6, 8))

    assert visit(client, "/2024/Jun/8/").select("a[rel=prev], a[rel=next]") == []


def test_the_breadcrumb_links_to_the_year_and_the_month(client):
    make_note(published=utc(2024, 6, 8))

    page = visit(client, "/2024/Jun/8/")

    assert texts(page, ".breadcrumb") == ["2024 » June"]
    assert paths(page, ".breadcrumb a") == ["/2024/", "/2024/Jun/"]


def test_the_calendar_links_to_days_with_posts_and_marks_the_current_one(client):
    make_entry(published=utc(2024, 6, 8))
    make_entry(published=utc(2024, 6, 8))
    make_note(published=utc(2024, 6, 8))
    make_note(published=utc(2024, 6, 30))
    make_note(published=utc(2024, 6, 29), is_draft=True)
    make_note(published=utc(2024, 7, 1))

    calendar = visit(client, "/2024/Jun/8/").select_one(".calendar")

    assert paths(calendar, "td a") == ["/2024/Jun/8/", "/2024/Jun/30/"]
    assert paths(calendar, "a[aria-current]") == ["/2024/Jun/8/"]
    assert calendar.select_one("td a")["title"] == "2 entries, 1 note"


@pytest.mark.parametrize("path", ["/2024/jun/8/", "/2024/JUN/8/", "/2024/Jun/08/", "/2024/jUn/08/"])
def test_other_spellings_redirect_to_the_canonical_url(client, path):
    response = client.get(f"{path}?from=a+feed&x=%26")

    assert response.status_code == 301
    assert response["Location"] == "/2024/Jun/8/?from=a+feed&x=%26"


def test_a_day_without_posts_is_not_found(client):
    make_note(published=utc(2024, 6, 8))

    visit(client, "/2024/Jun/9/", status=404)
