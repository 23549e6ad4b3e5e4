"""The admin's first page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog.authoring.dashboard import ROWS
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


def test_it_shows_drafts_what_is_waiting_and_the_last_posts(admin_client):
    make_entry(title="Unfinished", is_draft=True)
    make_entry(title="Later", published=utc(2024, 6, 10))
    make_entry(title="Tomorrow", published=utc(2024, 6, 9))
    make_entry(title="Old", published=utc(2024, 6, 1))
    make_entry(title="New", published=utc(2024, 6, 8))

    page = visit(admin_client, "/admin/")

    assert rows(page, "draft") == ["Unfinished"]
    assert rows(page, "waiting") == ["Tomorrow", "Later"]
    assert rows(page, "public") == ["New", "Old"]
    assert paths(page, "#dashboard-draft li a") == [
        reverse("admin:blog_entry_change", args=[Post.objects.get(headline="Unfinished").pk])
    ]


def test_a_post_without_a_title_shows_its_first_words(admin_client):
    make_note(title="", body="One two three four five six seven eight nine.")

    page = visit(admin_client, "/admin/")

    assert "One two three four five six seven eight…" in texts(page, "#dashboard-public .quiet")


def test_what_is_waiting_tells_its_time_in_that_of_the_site(admin_client):
    set_site(time_zone="Asia/Tokyo")
    make_note(published=utc(2024, 6, 9, 20))

    page = visit(admin_client, "/admin/")

    assert texts(page, "#dashboard-waiting time") == ["10 Jun 2024, 05:00"]


def test_one_button_for_each_kind(admin_client):
    page = visit(admin_client, "/admin/")

    assert paths(page, ".dashboard-buttons a") == [reverse(f"admin:blog_{kind}_add") for kind in Post.kinds()]


def test_of_many_the_first_are_shown_with_the_way_to_all(admin_client):
    for _ in range(ROWS + 1):
        make_note(is_draft=True)

    page = visit(admin_client, "/admin/")

    assert len(page.select("#dashboard-draft time")) == ROWS
    assert visit(admin_client, page.select("#dashboard-draft li")[-1].a["href"]).select("#result_list")


def test_an_empty_weblog_says_so(admin_client):
    page = visit(admin_client, "/admin/")

    assert texts(page, "#dashboard-draft li, #dashboard-public li") == ["None.", "None."]
    assert not page.select("#dashboard-waiting, #dashboard-months")


def test_the_months_are_drawn_and_told(admin_client):
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


def test_it_costs_the_same_few_queries_whatever_the_number_of_posts(admin_client):
    def cost():
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
    few = cost()
    make_more(6)

    assert cost() == few <= 10


def test_an_author_of_notes_finds_notes(client, django_user_model, give):
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    assert not visit(client, "/admin/").select(".dashboard-buttons, .dashboard-list")
    make_entry(title="Secret plan", is_draft=True)
    make_note(title="Boats", is_draft=True)

    give("helper", "add_note", "change_note")
    page = visit(client, "/admin/")

    assert rows(page, "draft") == ["Boats"]
    assert paths(page, ".dashboard-buttons a") == [reverse("admin:blog_note_add")]
    assert "Secret plan" not in page.get_text()


def test_nobody_else_sees_any_of_it(client):
    make_note(title="Boats", is_draft=True)

    assert b"Boats" not in client.get("/admin/", follow=True).content
