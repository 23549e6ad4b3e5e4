"""Polling: the queries it costs, ETags, caching headers and cross-origin requests."""

import gzip
from datetime import timedelta

import pytest
import time_machine as clock
from django.db import transaction
from django.test import Client

from blog.models import Series
from tests.factories import make_note, make_series, make_timeline, utc
from tests.feeds.reading import in_format, validators

pytestmark = pytest.mark.django_db

NOON = utc(2024, 6, 8)
EVERYTHING = "/atom/everything/"
FEEDS = [
    in_format(path, name)
    for path in (
        EVERYTHING,
        "/atom/",
        "/atom/notes/",
        "/atom/everything-but-notes/",
        "/tags/ant+bee.atom",
        "/series/insects.atom",
        "/search/atom/?q=note",
    )
    for name in ("atom", "rss", "json")
]


@pytest.fixture(scope="module")
def made(shared_database):
    with clock.travel(NOON + timedelta(days=1), tick=False):
        return make_timeline(40, series=make_series(title="Insects", slug="insects"), tags=["ant", "bee"])


@pytest.fixture
def posts(made, time_machine):
    """Posts from an earlier second. In the second of a change there is no Last-Modified."""
    time_machine.move_to(NOON + timedelta(days=1, seconds=2), tick=False)
    return made


@pytest.mark.parametrize("path", FEEDS)
def test_an_unchanged_feed_is_a_304_for_one_query(
    reader, posts, path, time_machine, django_assert_num_queries
):
    reader.get(path)
    time_machine.shift(2)
    first = reader.get(path)
    assert first.status_code == 200

    for headers in validators(first):
        with django_assert_num_queries(1):
            again = reader.get(path, headers=headers)

        assert (again.status_code, again.content) == (304, b"")
        for name in ("ETag", "Last-Modified", "Cache-Control", "Vary", "Access-Control-Allow-Origin"):
            assert again[name] == first[name]


def test_a_cached_feed_is_served_for_one_query(reader, posts, django_assert_num_queries):
    first = reader.get(EVERYTHING)

    with django_assert_num_queries(1):
        again = reader.get(EVERYTHING)

    assert again.content == first.content
    assert again["Content-Type"] == first["Content-Type"]


def test_the_etag_is_strong_and_depends_on_content_and_encoding(reader, posts):
    plain = reader.get(EVERYTHING)
    packed = reader.get(EVERYTHING, headers={"Accept-Encoding": "x, gzip"})
    other = reader.get("/atom/notes/")

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) == int(packed["Content-Length"]) < len(plain.content)
    assert packed["Vary"] == plain["Vary"] == "Accept-Encoding"
    etags = [response["ETag"] for response in (plain, packed, other)]
    assert len(set(etags)) == 3
    assert all(etag.startswith('"') for etag in etags)


def test_the_etag_does_not_depend_on_the_process(reader, posts):
    first = reader.get(EVERYTHING)
    reader.response_cache.store.clear()

    assert reader.get(EVERYTHING)["ETag"] == first["ETag"]


@pytest.mark.parametrize("given", ["W/{}", '"other", {}', "*"])
def test_if_none_match_is_compared_weakly_and_may_list_etags(reader, posts, given):
    etag = reader.get(EVERYTHING)["ETag"]

    for headers in ({}, {"Accept-Encoding": "gzip"}):
        sent = headers | {"If-None-Match": given.format(etag)}
        assert reader.get(EVERYTHING, headers=sent).status_code == 304


@pytest.mark.parametrize(
    "headers", [{"If-None-Match": '"other"'}, {"If-None-Match": "bad"}, {"If-Modified-Since": "bad"}]
)
def test_other_validators_get_the_full_feed(reader, posts, headers):
    since = {"If-Modified-Since": reader.get(EVERYTHING)["Last-Modified"]}

    assert reader.get(EVERYTHING, headers=headers).status_code == 200
    if "If-None-Match" in headers:
        assert reader.get(EVERYTHING, headers=headers | since).status_code == 200


def test_an_empty_if_none_match_does_not_override_if_modified_since(reader, posts, time_machine):
    reader.get(EVERYTHING)
    time_machine.shift(2)
    since = {"If-Modified-Since": reader.get(EVERYTHING)["Last-Modified"], "If-None-Match": ""}

    assert reader.get(EVERYTHING, headers=since).status_code == 304


def test_renaming_a_series_invalidates_its_feed(reader, posts):
    first = reader.get("/series/insects.atom")
    series = Series.objects.get()
    series.title = "Beetles"
    series.save()

    for headers in validators(first):
        assert b"Beetles" in reader.get("/series/insects.atom", headers=headers).content


def test_a_rolled_back_change_does_not_invalidate_the_feed(reader, posts):
    first = reader.get(EVERYTHING)
    with transaction.atomic():
        make_note()
        transaction.set_rollback(True)

    assert reader.get(EVERYTHING, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", FEEDS)
def test_caches_may_reuse_a_feed_for_a_minute(reader, posts, path):
    assert reader.get(path)["Cache-Control"] == "public, max-age=60"


def test_a_head_request_gets_the_headers_only(reader, posts):
    whole = reader.get(EVERYTHING)

    for _ in range(2):
        head = reader.head(EVERYTHING)
        assert (head.status_code, head.content) == (200, b"")
        assert head["ETag"] == whole["ETag"]
        assert head["Content-Length"] == str(len(whole.content))
        reader.response_cache.store.clear()


@pytest.mark.parametrize("path", [*FEEDS, "/atom/never/", "/tags/never.json"])
def test_preflight_requests_need_no_query(reader, posts, path, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = reader.options(path)

    assert (response.status_code, response.content) == (204, b"")
    assert "Content-Type" not in response.headers
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in response["Access-Control-Allow-Headers"]
    assert int(response["Access-Control-Max-Age"]) > 0


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/atom/never/", 404),
        ("/rss/never", 404),
        ("/tags/never.atom", 404),
        ("/series/never.json", 404),
        ("/atom/everything", 301),
        ("/tags/ANT.rss", 301),
        (EVERYTHING, 200),
    ],
)
def test_error_and_redirect_responses_allow_cross_origin_reads(reader, posts, path, status):
    response = reader.get(path)

    assert response.status_code == status
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in response["Access-Control-Expose-Headers"]


def test_the_redirect_to_https_allows_cross_origin_reads(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    preflight = client.options(EVERYTHING)

    response = Client().get(EVERYTHING)

    assert preflight.status_code == 204
    assert (response.status_code, response["Location"]) == (301, f"https://testserver{EVERYTHING}")
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/", "/notes/", "/tags/ant/", "/search/?q=ant", "/sitemap.xml", "/feeds/"])
def test_pages_do_not_allow_cross_origin_reads(reader, posts, path):
    assert "Access-Control-Allow-Origin" not in reader.get(path).headers


def test_feeds_accept_no_post(reader, posts):
    response = reader.post(EVERYTHING)

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
