"""Subscriber counts that feed services report."""

from contextlib import closing
from datetime import date, timedelta
from threading import Timer
from unittest.mock import Mock

import pytest
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, connection

from blog.feeds.subscribers import parse_user_agent
from blog.models import SubscriberCount, subscribers
from tests.factories import make_note, set_site, utc
from tests.helpers.browsing import texts, visit

pytestmark = pytest.mark.django_db

NOON = utc(2024, 6, 8)
EVERYTHING = "/atom/everything/"
TABLE = SubscriberCount._meta.db_table


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


def poll(reader, agent, path=EVERYTHING, **headers):
    return reader.get(path, headers={"User-Agent": agent, **headers})


def rows():
    return list(
        SubscriberCount.objects.order_by("day", "feed", "service").values_list("feed", "service", "number")
    )


@pytest.mark.parametrize(
    ("agent", "reported"),
    [
        ("Fetcher/1.0 (+https://example.com/; 16 subscribers; like others)", ("Fetcher", 16)),
        ("Blue Feed Fetcher - 1 subscriber - https://example.com/", ("Blue Feed Fetcher", 1)),
        ("Many/2.0 (1,234 subscribers)", ("Many", 1234)),
        ("Most/2.0 (12,345,678 subscribers)", ("Most", 12345678)),
        ("Mozilla/5.0 (compatible; Named/2.4; +https://example.com/; 7 Subscribers)", ("Named", 7)),
        ("Bin feed-id:123 - 45 subscribers", ("Bin feed-id:123", 45)),
        ("3 subscribers", ("Unnamed", 3)),
        ("Old/1 (4 readers)", ("Old", 4)),
        ("X" * 100 + "/1 (5 subscribers)", ("X" * 80, 5)),
        ("Browser/1.0", None),
        ("None/1 (0 subscribers)", None),
        ("Wild/1 (99999999999999 subscribers)", None),
        ("Wild/1 (999999999 subscribers)", None),
        ("Odd/1 (1,23 subscribers)", None),
        ("Minus/1 (subscribers: many)", None),
        ("Long/1 " + "x" * 1000 + " 5 subscribers", None),
        ("", None),
    ],
)
def test_the_count_is_parsed_from_the_user_agent(agent, reported):
    assert parse_user_agent(agent) == reported


@pytest.mark.parametrize("path", [EVERYTHING, "/rss/notes/", "/json/everything-but-links/", "/tags/sea.atom"])
def test_the_count_is_stored_for_each_feed(reader, path):
    make_note(tags=["sea"])

    response = poll(reader, "Fetcher/1.0 (16 subscribers)", path)

    assert response.status_code == 200
    assert rows() == [(path, "Fetcher", 16)]
    assert SubscriberCount.objects.get().day == date(2024, 6, 8)


def test_the_count_is_stored_for_a_304_too(reader):
    etag = reader.get(EVERYTHING)["ETag"]

    response = poll(reader, "Fetcher/1.0 (16 subscribers)", **{"If-None-Match": etag})

    assert response.status_code == 304
    assert rows() == [(EVERYTHING, "Fetcher", 16)]


def test_the_count_is_stored_once_a_day(reader, clock, django_assert_num_queries):
    for number in (16, 17, 18):
        poll(reader, f"Fetcher/1.0 ({number} subscribers)")
    assert rows() == [(EVERYTHING, "Fetcher", 16)]
    with django_assert_num_queries(1):
        poll(reader, "Fetcher/1.0 (19 subscribers)")

    cache.clear()  # another process
    poll(reader, "Fetcher/1.0 (20 subscribers)")
    assert rows() == [(EVERYTHING, "Fetcher", 16)]

    clock.shift(timedelta(days=1))
    poll(reader, "Fetcher/1.0 (21 subscribers)")
    assert [number for *_, number in rows()] == [16, 21]


def test_the_number_of_rows_per_day_is_limited(reader, monkeypatch):
    monkeypatch.setattr(subscribers, "MAX_PER_DAY", 3)

    for n in range(6):
        assert poll(reader, f"Service {n} - 5 subscribers").status_code == 200

    assert len(rows()) == 3


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/feeds/",
        "/atom/never/",
        "/tags/never.atom",
        "/search/atom/?q=a",
        f"{EVERYTHING}?utm=a",
        f"{EVERYTHING}2024/Jun/",
        "/atom/everything",
    ],
)
def test_other_requests_are_not_counted(reader, path):
    make_note()

    poll(reader, "Fetcher/1.0 (16 subscribers)", path)

    assert rows() == []


@pytest.mark.parametrize(
    "agent",
    ["\ud800 5 subscribers", "\x01/1 (5 subscribers)", "é" * 300 + " 5 subscribers", "😀/1 5 subscribers"],
)
def test_an_odd_user_agent_breaks_nothing(reader, agent):
    agent = agent.encode("utf-8", "surrogatepass").decode("latin-1")

    assert poll(reader, agent).status_code == 200


@pytest.mark.parametrize("error", [OperationalError("read-only"), InterfaceError("closed")])
def test_after_a_database_error_the_next_poll_is_counted(reader, monkeypatch, error):
    with monkeypatch.context() as patched:
        patched.setattr(SubscriberCount, "record", Mock(side_effect=error))
        assert poll(reader, "Fetcher/1.0 (16 subscribers)").status_code == 200

    poll(reader, "Fetcher/1.0 (17 subscribers)")

    assert rows() == [(EVERYTHING, "Fetcher", 17)]


@pytest.mark.django_db(transaction=True)
def test_a_request_does_not_wait_for_a_locked_database(reader):
    make_note()
    reader.get(EVERYTHING)
    other = connection.copy()
    writes = "BEGIN IMMEDIATE" if connection.vendor == "sqlite" else f"BEGIN; LOCK {TABLE} IN SHARE MODE"
    with closing(other), other.cursor() as cursor:
        cursor.execute(writes)
        end = Timer(5, lambda: other.connection.rollback())  # so that a failure does not hang
        end.start()
        response = poll(reader, "Fetcher/1.0 (16 subscribers)")
        assert (response.status_code, rows()) == (200, [])

        end.cancel()
        end.join()
        cursor.execute("ROLLBACK")

    poll(reader, "Fetcher/1.0 (16 subscribers)")
    assert rows() == [(EVERYTHING, "Fetcher", 16)]


def test_storing_a_count_invalidates_no_feed(reader):
    etag = reader.get(EVERYTHING)["ETag"]
    poll(reader, "Fetcher/1.0 (16 subscribers)")

    assert reader.get(EVERYTHING, headers={"If-None-Match": etag}).status_code == 304


def store(service, number, days_ago=0, feed=EVERYTHING):
    SubscriberCount.record(
        feed=feed, service=service, day=NOON.date() - timedelta(days=days_ago), number=number
    )


def test_the_admin_charts_the_counts_of_each_feed(admin_client):
    for days_ago, number in ((400, 9), (20, 10), (1, 12), (0, 15)):
        store("One", number, days_ago)
        store("Two <b>", 2, days_ago)
    store("One", 1, feed="/rss/notes/")

    page = visit(admin_client, "/admin/blog/subscribercount/")

    assert texts(page, ".bar-chart h2") == [f"{EVERYTHING}: 17 subscribers", "/rss/notes/: 1 subscriber"]
    bars = page.select_one(".bar-chart svg").select("rect")
    assert len(bars) == 52
    assert texts(page.select_one(".bar-chart svg"), "title")[-3:] == [
        "2024-05-25: 12",
        "2024-06-01: 0",
        "2024-06-08: 17",
    ]
    assert texts(page.select_one(".bar-chart"), "tr") == ["One 15", "Two <b> 2"]


def test_a_service_that_has_not_polled_today_counts_with_its_last_number(admin_client):
    store("One", 100, days_ago=1)
    store("One", 90, days_ago=2)
    store("Two", 5)
    store("Gone", 7, days_ago=7)

    page = visit(admin_client, "/admin/blog/subscribercount/")

    assert texts(page, ".bar-chart h2") == [f"{EVERYTHING}: 105 subscribers"]
    assert texts(page, ".bar-chart tr") == ["One 100", "Two 5"]


def test_services_beyond_the_limit_are_summed(admin_client):
    for n in range(25):
        store(f"Invented {n:02}", 3)
    store("Known", 1000)

    page = visit(admin_client, "/admin/blog/subscribercount/")

    rows = texts(page, ".bar-chart tr")
    assert (rows[0], rows[-2:], len(rows)) == ("Known 1,000", ["Invented 18 3", "6 more services 18"], 21)


def test_the_page_takes_few_queries_for_many_feeds(admin_client, django_assert_max_num_queries):
    for n in range(30):
        for service in ("One", "Two"):
            SubscriberCount.record(feed=f"/tags/{n}.atom", service=service, day=NOON.date(), number=n + 1)

    set_site(title="Weblog")
    with django_assert_max_num_queries(6):
        assert len(visit(admin_client, "/admin/blog/subscribercount/").select("svg[role=img]")) == 30


def test_the_page_without_counts_says_so(admin_client):
    assert "No feed service has reported" in visit(admin_client, "/admin/blog/subscribercount/").text


def test_the_page_takes_permission(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))

    assert client.get("/admin/blog/subscribercount/").status_code == 403
