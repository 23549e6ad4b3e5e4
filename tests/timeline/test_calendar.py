"""The calendar: days, months and years with their counts."""

from collections import Counter
from datetime import date

import pytest
from django.utils import translation

from blog.models import SiteSettings
from blog.timeline.calendar import MonthCalendar, Tally, Year, counts_by_day, nearest_days
from tests.factories import make_blogmark, make_entry, make_note, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def posts():
    make_entry(published=utc(2002, 12, 31, 23))
    make_note(published=utc(2024, 2, 29))
    make_note(published=utc(2024, 2, 29))
    make_blogmark(published=utc(2024, 2, 29))
    make_note(published=utc(2024, 2, 28), is_draft=True)
    make_note(published=utc(2999, 1, 1))


def test_years_are_those_with_public_posts(posts, django_assert_num_queries):
    site = SiteSettings.load()

    with django_assert_num_queries(0):
        assert site.state.years() == [date(2002, 1, 1), date(2024, 1, 1)]
        assert sum(site.state.counts_by_year_of("note").values()) == 2


def test_days_are_counted_by_kind(posts, django_assert_num_queries):
    with django_assert_num_queries(1):
        counts = counts_by_day(date(2024, 2, 1), date(2024, 2, 29))

    assert counts == {date(2024, 2, 29): Counter(note=2, blogmark=1)}


def test_nearest_days_surround_a_day_or_a_range(posts):
    assert nearest_days(date(2024, 2, 29)) == (date(2002, 12, 31), None)
    assert nearest_days(date(2003, 1, 1), date(2003, 12, 31)) == (date(2002, 12, 31), date(2024, 2, 29))
    assert nearest_days(date(2002, 12, 31)) == (None, date(2024, 2, 29))


def test_neighbours_are_queried_only_at_the_ends_of_the_month(posts, django_assert_num_queries):
    make_note(published=utc(2024, 2, 3))
    make_note(published=utc(2024, 2, 5))
    calendar = MonthCalendar(date(2024, 2, 1))

    with django_assert_num_queries(0):
        assert calendar.neighbours_of(date(2024, 2, 5)) == (date(2024, 2, 3), date(2024, 2, 29))
    with django_assert_num_queries(1):
        assert calendar.neighbours_of(date(2024, 2, 3)) == (date(2002, 12, 31), date(2024, 2, 5))
    with django_assert_num_queries(1):
        assert calendar.neighbours_of(date(2024, 2, 29)) == (date(2024, 2, 5), None)


def test_the_months_of_a_year_have_tallies(posts):
    assert [(month, str(tally)) for month, tally in Year.load(2024).months()] == [
        (date(2024, 2, 1), "1 link, 2 notes")
    ]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, ""),
        ({"entry": 1}, "1 entry"),
        ({"note": 1, "entry": 2}, "2 entries, 1 note"),
        ({"quotation": 1, "blogmark": 1234}, "1,234 links, 1 quotation"),
    ],
)
def test_a_tally_lists_kinds_in_order(counts, words):
    assert str(Tally(Counter(counts))) == words


@pytest.mark.parametrize(
    ("month", "rows", "blank"),
    [
        (date(2024, 6, 1), 5, 5),
        (date(2021, 2, 1), 4, 0),
        (date(2020, 8, 1), 6, 11),
        (date(1, 1, 1), 5, 4),
    ],
)
def test_a_calendar_has_whole_weeks(month, rows, blank):
    weeks = MonthCalendar(month).weeks()

    assert len(weeks) == rows
    assert {len(week) for week in weeks} == {7}
    assert sum(not cell for week in weeks for cell in week) == blank


def cells(calendar):
    return {cell["day"].day: cell for week in calendar.weeks() for cell in week if cell}


def test_the_busiest_day_is_darkest_and_empty_days_are_not_shaded():
    for day, number in ((1, 1), (2, 4), (3, 8)):
        for _ in range(number):
            make_note(published=utc(2024, 6, day))

    shades = {day: cell["shade"] for day, cell in cells(MonthCalendar(date(2024, 6, 1))).items() if day < 5}

    assert shades == {1: 1, 2: 2, 3: 4, 4: 0}


def test_a_month_with_few_posts_has_no_dark_day():
    make_note(published=utc(2024, 6, 1))

    assert cells(MonthCalendar(date(2024, 6, 1)))[1]["shade"] == 1


def test_each_day_of_a_year_is_in_the_column_of_its_week():
    make_note(published=utc(2024, 6, 8))

    year = Year.load(2024)
    [day] = year.days()
    others = year.empty_days_path().split(" M")

    assert day == {"name": "8 June: 1 note", "path": "/2024/Jun/8/", "x": 264, "y": 76, "shade": 1}
    assert len(others) == 365
    assert others[0] == "M1 17h8v8h-8z"  # the 1st of January, a Monday: a square without its edge
    assert others[6] == "1 89h8v8h-8z"
    assert others[7] == "13 17h8v8h-8z"


@pytest.mark.parametrize(
    ("language", "weekday", "day"), [("en", "Mon", 3), ("de", "Mo", 3), ("he", "ראשון", 2)]
)
def test_the_language_determines_the_first_day_of_the_week(language, weekday, day):
    with translation.override(language):
        calendar = MonthCalendar(date(2024, 6, 1))
        weekdays = [str(weekday["short"]) for weekday in calendar.weekdays()]
        second_week = calendar.weeks()[1]

    assert weekdays[0] == weekday
    assert second_week[0]["day"] == date(2024, 6, day)


def test_the_rows_of_a_year_follow_the_first_day_of_the_week():
    for number in range(2, 9):
        make_note(published=utc(2024, 6, number))

    with translation.override("he"):
        sunday, *others = Year.load(2024).days()

    assert sunday["y"] == 16
    assert [day["y"] for day in others] == [28, 40, 52, 64, 76, 88]


def test_a_calendar_marks_the_current_day():
    calendar = MonthCalendar(date(2024, 6, 1), today=date(2024, 6, 8))

    assert [day for day, cell in cells(calendar).items() if cell["is_current"]] == [8]
