"""The day of a post: its date of publication in the site's time zone."""

from datetime import date, timedelta

import pytest

from tests.factories import make_entry, make_note, set_site, utc

pytestmark = pytest.mark.django_db

EVENING = utc(2024, 6, 9, 5)  # already the next morning in UTC


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", date(2024, 6, 9)),
        ("America/Los_Angeles", date(2024, 6, 8)),
        ("Pacific/Pago_Pago", date(2024, 6, 8)),
        ("Pacific/Kiritimati", date(2024, 6, 9)),
    ],
)
def test_the_day_is_the_date_in_the_sites_time_zone(zone, day):
    set_site(time_zone=zone)

    assert make_note(published=EVENING).day == day


@pytest.mark.parametrize(
    ("day", "midnight", "hours"),
    [
        (date(2024, 3, 31), utc(2024, 3, 30, 23), 23),
        (date(2024, 10, 27), utc(2024, 10, 26, 22), 25),
    ],
)
def test_days_of_clock_changes_have_23_or_25_hours(day, midnight, hours):
    set_site(time_zone="Europe/Berlin")
    last = timedelta(hours=hours) - timedelta(seconds=1)

    assert make_note(published=midnight).day == day
    assert make_note(published=midnight + last).day == day
    assert make_note(published=midnight - timedelta(seconds=1)).day == day - timedelta(days=1)
    assert make_note(published=midnight + timedelta(hours=hours)).day == day + timedelta(days=1)


def test_a_post_without_a_time_gets_todays_date_in_the_sites_time_zone(time_machine):
    time_machine.move_to(EVENING)
    set_site(time_zone="America/Los_Angeles")

    assert make_note().day == date(2024, 6, 8)
    assert make_note(is_draft=True).day == date(2024, 6, 8)


def test_the_permalink_of_an_evening_post_works(client):
    set_site(time_zone="America/Los_Angeles")
    post = make_entry(slug="late", published=EVENING)

    assert post.get_absolute_url() == "/2024/Jun/8/late/"
    assert client.get(post.get_absolute_url()).status_code == 200


def test_changing_the_time_zone_of_the_site_changes_no_permalink(client):
    post = make_entry(slug="late", published=EVENING)

    set_site(time_zone="America/Los_Angeles")

    assert client.get("/2024/Jun/9/late/").status_code == 200
    post.body = "An edit doesn't change it either."
    post.save()
    assert client.get("/2024/Jun/9/late/").status_code == 200


def test_changing_the_time_of_publication_uses_the_current_time_zone():
    post = make_entry(published=EVENING)
    set_site(time_zone="America/Los_Angeles")

    post.published = EVENING + timedelta(minutes=1)
    post.save()

    assert post.day == date(2024, 6, 8)
