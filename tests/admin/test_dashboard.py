"""The dashboard on the admin's first page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog.authoring.dashboard import MAX_ROWS
from blog.models import Post
from tests.factories import FACTORIES, make_entry, make_note, make_timeline, set_site, utc
from tests.helpers.browsing import paths, texts, visit

pytestmark = pytest.mark.django_db

NOW = utc(2024, 6, 8, 12)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def rows(page, state):
    return texts(page, f"#dashboard-{state} li > span:first-child a")


def test_the_dashboard_lists_drafts_scheduled_and_latest_posts(admin_client):
    make_entry(title="Unfinished", is_draft=True)
    make_entry(title="Later", published=utc(2024, 6, 10))
    make_entry(title="Tomorrow", published=utc(2024, 6, 9))
    make_entry(title="Old", published=utc(2024, 6, 1))
    make_entry(title="New", published=utc(2024, 6, 8))

    page = visit(admin_client, "/admin/")

    assert rows(page, "draft") == ["Unfinished"]
    assert rows(page, "scheduled") == ["Tomorrow", "Later"]
    assert rows(page, "public") == ["New", "Old"]
    assert paths(page, "#dashboard-draft li a") == [
        reverse("admin:blog_entry_change", args=[Post.objects.get(headline="Unfinished").pk])
    ]


def test_a_post_without_a_title_shows_its_opening_words(admin_client):
    make_note(title="", body="One two three four five six seven eight nine.")

    page = visit(admin_client, "/admin/")

    assert "One two three four five six seven eight…" in texts(page, "#dashboard-public .quiet")


def test_scheduled_times_are_in_the_time_zone_of_the_site(admin_client):
    set_site(time_zone="Asia/Tokyo")
    make_note(published=utc(2024, 6, 9, 20))

    page = visit(admin_client, "/admin/")

    assert texts(page, "#dashboard-scheduled time") == ["10 Jun 2024, 05:00"]


def test_each_kind_has_a_button(admin_client):
    page = visit(admin_client, "/admin/")

    assert paths(page, ".dashboard-buttons a") == [reverse(f"admin:blog_{kind}_add") for kind in Post.kinds()]


def test_a_long_list_is_cut_with_a_link_to_all(admin_client):
    for _ in range(MAX_ROWS + 1):
        make_note(is_draft=True)

    page = visit(admin_client, "/admin/")

    assert len(page.select("#dashboard-draft time")) == MAX_ROWS
    assert visit(admin_client, page.select("#dashboard-draft li")[-1].a["href"]).select("#result_list")


def test_empty_lists_say_so(admin_client):
    page = visit(admin_client, "/admin/")

    assert texts(page, "#dashboard-draft li, #dashboard-public li") == ["None.", "None."]
    assert not page.select("#dashboard-scheduled, #dashboard-months")


def test_the_chart_has_bars_and_a_text_alternative(admin_client):
    make_timeline(4, start=utc(2024, 5, 1))
    make_note(published=utc(2024, 6, 1))
    make_note(published=utc(2022, 7, 1))
    make_note(published=utc(2022, 6, 30))
    make_note(is_draft=True)

    page = visit(admin_client, "/admin/")

    [chart] = page.select("#dashboard-months svg")
    bars = chart.select("rect")
    assert chart["role"] == "img"
    assert chart["aria-label"].startswith("Posts per month: July 2022: 1, August 2022: 0,")
    assert chart["aria-label"].endswith("May 2024: 4, June 2024: 1")
    assert len(bars) == 24
    assert [bar["height"] for bar in bars[-2:]] == ["24.00", "6.00"]


def test_the_number_of_queries_does_not_grow_with_the_posts(admin_client):
    def query_count():
        with CaptureQueriesContext(connection) as captured:
            admin_client.get("/admin/")
        return len(captured)

    def make_more(number):
        for make in FACTORIES.values():
            for n in range(number):
                make(is_draft=True)
                make(published=utc(2025, 1, 1, minute=n))
        make_timeline(number, start=utc(2024, 6, 1))

    make_more(2)
    few = query_count()
    make_more(6)

    assert query_count() == few <= 10


def test_only_kinds_that_the_user_may_view_are_shown(client, django_user_model, give):
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    assert not visit(client, "/admin/").select(".dashboard-buttons, .dashboard-list")
    make_entry(title="Secret plan", is_draft=True)
    make_note(title="Boats", is_draft=True)

    give("helper", "add_note", "change_note")
    page = visit(client, "/admin/")

    assert rows(page, "draft") == ["Boats"]
    assert paths(page, ".dashboard-buttons a") == [reverse("admin:blog_note_add")]
    assert "Secret plan" not in page.get_text()


def test_visitors_see_nothing_of_it(client):
    make_note(title="Boats", is_draft=True)

    assert b"Boats" not in client.get("/admin/", follow=True).content
