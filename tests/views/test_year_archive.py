"""Year archives."""

import pytest

from tests.factories import make_blogmark, make_entry, make_note, utc
from tests.helpers.browsing import paths, texts, urls_of, visit

pytestmark = pytest.mark.django_db


def test_months_with_posts_are_listed_with_counts(client):
    make_blogmark(published=utc(2024, 2, 29))
    make_note(published=utc(2024, 11, 1))
    make_note(published=utc(2024, 11, 30))
    make_note(published=utc(2024, 12, 1), is_draft=True)

    page = visit(client, "/2024/")

    assert texts(page, "h1") == ["2024"]
    assert paths(page, "main h2 a") == ["/2024/Feb/", "/2024/Nov/"]
    assert texts(page, "main .tally") == ["1 link", "2 notes"]


def test_the_entries_of_each_month_are_listed_oldest_first(client):
    entries = [make_entry(published=utc(2024, 6, day)) for day in (22, 5)]
    make_note(published=utc(2024, 6, 6))

    page = visit(client, "/2024/")

    assert paths(page, "main li a") == urls_of(reversed(entries))
    assert texts(page, "main li .date") == ["5th", "22nd"]


def test_a_chart_shows_posts_by_month_and_kind(client):
    make_entry(published=utc(2024, 2, 29))
    make_note(published=utc(2024, 2, 1))
    make_note(published=utc(2024, 11, 1))

    [chart] = visit(client, "/2024/").select("figure.chart")

    assert texts(chart, ".legend") == ["entries", "notes"]
    assert len(chart.select(".axis li")) == 12
    parts = [(bar["class"], float(bar["y"]), float(bar["height"])) for bar in chart.select("svg[role] rect")]
    assert parts == [(["part-1"], 12, 12), (["part-2"], 0, 12), (["part-2"], 12, 12)]


def test_a_heatmap_links_to_the_days_with_posts(client):
    make_note(published=utc(2024, 1, 1))
    make_note(published=utc(2024, 12, 31))
    make_note(published=utc(2024, 6, 8), is_draft=True)

    [heatmap] = visit(client, "/2024/").select("figure.heatmap svg")

    assert heatmap["aria-label"] == "Posts on 2 days"
    assert len(heatmap.select("rect")) == 2
    assert heatmap.path["d"].count("M") == 364
    assert paths(heatmap) == ["/2024/Jan/1/", "/2024/Dec/31/"]
    assert texts(heatmap, "a title") == ["1 January: 1 note", "31 December: 1 note"]


def test_the_nearest_years_with_posts_are_linked(client):
    for year in (2002, 2010, 2024):
        make_note(published=utc(year, 6, 8))
    make_note(published=utc(2023, 6, 8), is_draft=True)

    page = visit(client, "/2010/")

    assert paths(page, "main a[rel=prev]") == ["/2002/"]
    assert paths(page, "main a[rel=next]") == ["/2024/"]


def test_the_first_and_the_last_day_belong_to_the_year(client):
    make_entry(published=utc(2024, 1, 1, 0))
    make_entry(published=utc(2024, 12, 31, 23, 59))

    assert paths(visit(client, "/2024/"), "main h2 a") == ["/2024/Jan/", "/2024/Dec/"]


@pytest.mark.parametrize("path", ["/2023/", "/1900/", "/9998/", "/0001/"])
def test_a_year_without_public_posts_is_not_found(client, path):
    make_note(published=utc(2024, 6, 8))
    make_note(published=utc(2023, 6, 8), is_draft=True)

    visit(client, path, status=404)
