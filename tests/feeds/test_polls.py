"""What it costs to ask a feed for news, and that nobody misses any."""

import gzip
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils.http import parse_http_date

from blog.models import Note, Series, Tag, Tagging, TagMerge
from tests.factories import make_blogmark, make_entry, make_note, make_series, make_timeline, set_site, utc
from tests.writing import edit, write

from .reading import in_format

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


@pytest.fixture
def posts(time_machine):
    """Not made in this second: more could happen in it, so that a time would say nothing."""
    time_machine.move_to(NOON + timedelta(days=1), tick=False)
    posts = make_timeline(40, series=make_series(title="Insects", slug="insects"), tags=["ant", "bee"])
    time_machine.shift(2)
    return posts


def validators(response):
    """What a reader that got this sends with its next request: each by itself, and both."""
    etag = {"If-None-Match": response["ETag"]}
    time = {"If-Modified-Since": response["Last-Modified"]}
    return [etag, time, etag | time]


@pytest.mark.parametrize("path", FEEDS)
def test_who_has_it_is_told_so_for_one_query(reader, posts, path, time_machine, django_assert_num_queries):
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


def test_who_has_not_gets_it_for_one_query_too(reader, posts, django_assert_num_queries):
    first = reader.get(EVERYTHING)

    with django_assert_num_queries(1):
        again = reader.get(EVERYTHING)

    assert again.content == first.content
    assert again["Content-Type"] == first["Content-Type"]


def test_the_etag_is_strong_and_stands_for_one_text_in_one_encoding(reader, posts):
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


def test_it_stays_the_same_in_every_process(reader, posts):
    first = reader.get(EVERYTHING)
    reader.pages.store.clear()

    assert reader.get(EVERYTHING)["ETag"] == first["ETag"]


@pytest.mark.parametrize("given", ["W/{}", '"other", {}', "*"])
def test_the_etag_is_found_as_the_standard_says(reader, posts, given):
    etag = reader.get(EVERYTHING)["ETag"]

    for headers in ({}, {"Accept-Encoding": "gzip"}):
        sent = headers | {"If-None-Match": given.format(etag)}
        assert reader.get(EVERYTHING, headers=sent).status_code == 304


@pytest.mark.parametrize(
    "headers", [{"If-None-Match": '"other"'}, {"If-None-Match": "bad"}, {"If-Modified-Since": "bad"}]
)
def test_other_validators_get_the_whole_feed(reader, posts, headers):
    since = {"If-Modified-Since": reader.get(EVERYTHING)["Last-Modified"]}

    assert reader.get(EVERYTHING, headers=headers).status_code == 200
    if "If-None-Match" in headers:
        assert reader.get(EVERYTHING, headers=headers | since).status_code == 200


def test_an_empty_if_none_match_does_not_hide_the_time(reader, posts, time_machine):
    reader.get(EVERYTHING)
    time_machine.shift(2)
    since = {"If-Modified-Since": reader.get(EVERYTHING)["Last-Modified"], "If-None-Match": ""}

    assert reader.get(EVERYTHING, headers=since).status_code == 304


def save(post, **fields):
    for name, value in fields.items():
        setattr(post, name, value)
    post.save()


CHANGES = {
    "a new post": lambda post: make_note(),
    "other words": lambda post: save(post, body="Other words."),
    "a correction that nobody is told of": lambda post: (
        setattr(post, "body", "Corrected."),
        post.save(tell_readers=False),
    ),
    "another tag": lambda post: post.tags.add("new"),
    "a tag less": lambda post: post.tags.remove("ant"),
    "tags of many posts": lambda post: Tagging.objects.attach(
        [post.pk], [Tag.objects.create(name="of many").pk]
    ),
    "tags less of many posts": lambda post: Tagging.objects.detach(
        [post.pk], [Tag.objects.get(name="ant").pk]
    ),
    "a renamed tag": lambda post: Tag.objects.get(name="ant").rename("emmet"),
    "a deleted tag": lambda post: Tag.objects.get(name="ant").delete(),
    "deleted tags": lambda post: Tag.objects.filter(name="ant").delete(),
    "merged tags": lambda post: TagMerge.carry_out(
        [Tag.objects.get(name="ant")], Tag.objects.get(name="bee")
    ),
    "a deleted post": lambda post: post.delete(),
    "deleted posts": lambda post: Note.objects.filter(pk=post.pk).delete(),
    "a post made a draft": lambda post: save(post, is_draft=True),
    "another address": lambda post: save(post, slug="elsewhere"),
    "another name of the site": lambda post: set_site(title="Renamed"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_nobody_misses(reader, what):
    post = make_note(published=NOON, tags=["ant", "bee"])
    make_note(published=NOON - timedelta(days=1), tags=["bee"])
    first = reader.get(EVERYTHING)

    CHANGES[what](post)

    for headers in validators(first):
        again = reader.get(EVERYTHING, headers=headers)
        assert again.status_code == 200
        assert again.content != first.content
        assert parse_http_date(again["Last-Modified"]) >= parse_http_date(first["Last-Modified"])


def test_nobody_misses_another_name_of_a_series(reader, posts):
    first = reader.get("/series/insects.atom")
    series = Series.objects.get()
    series.title = "Beetles"
    series.save()

    for headers in validators(first):
        assert b"Beetles" in reader.get("/series/insects.atom", headers=headers).content


def test_nobody_misses_a_post_whose_time_comes(reader, time_machine):
    time_machine.move_to(NOON, tick=False)
    make_note(published=NOON - timedelta(days=1))
    make_note(body="Late.", published=NOON + timedelta(hours=1))
    time_machine.shift(2)
    reader.get(EVERYTHING)
    time_machine.shift(2)
    first = reader.get(EVERYTHING)
    assert b"Late." not in first.content

    time_machine.move_to(NOON + timedelta(minutes=59), tick=False)
    for headers in validators(first):
        assert reader.get(EVERYTHING, headers=headers).status_code == 304

    time_machine.move_to(NOON + timedelta(hours=1), tick=False)
    for headers in validators(first):
        assert b"Late." in reader.get(EVERYTHING, headers=headers).content


def test_nobody_misses_what_is_written_in_the_admin(reader, admin_client):
    post = write(admin_client, "note", "first")
    first = reader.get(EVERYTHING)

    edit(admin_client, post, body="second")

    for headers in validators(first):
        assert b"second" in reader.get(EVERYTHING, headers=headers).content


@pytest.mark.parametrize("between", [0, 1, 2])
def test_no_time_stands_for_two_states(reader, time_machine, between):
    time_machine.move_to(NOON, tick=False)
    post = make_note(published=NOON - timedelta(days=1))
    first = reader.get(EVERYTHING)
    time_machine.shift(between)
    save(post, body="Changed.")

    time = {"If-Modified-Since": first["Last-Modified"]}

    assert reader.get(EVERYTHING, headers=time).status_code == 200


def test_no_time_is_later_than_now(reader, time_machine):
    time_machine.move_to(NOON, tick=False)
    make_timeline(20)

    assert parse_http_date(reader.get(EVERYTHING)["Last-Modified"]) <= NOON.timestamp()


def test_what_changes_elsewhere_changes_no_etag(reader):
    make_note(tags=["ant"])
    feed = reader.get("/tags/ant.atom")

    make_entry(tags=["bee"])
    make_note(tags=["ant"], is_draft=True)

    assert reader.get("/tags/ant.atom", headers={"If-None-Match": feed["ETag"]}).status_code == 304


def test_a_change_that_is_undone_changes_nothing(reader, posts):
    first = reader.get(EVERYTHING)
    with transaction.atomic():
        make_note()
        transaction.set_rollback(True)

    assert reader.get(EVERYTHING, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", FEEDS)
def test_caches_are_told_how_long_it_holds(reader, posts, path):
    assert reader.get(path)["Cache-Control"] == "public, max-age=60"


def test_each_host_and_scheme_has_its_own_addresses(reader):
    make_blogmark()

    texts = [
        reader.get(EVERYTHING, secure=secure, headers={"host": host}).content
        for _ in range(2)
        for secure in (False, True)
        for host in ("localhost", "testserver")
    ]

    assert texts[:4] == texts[4:]
    assert b"https://localhost/" in texts[2]
    assert len(set(texts)) == 4


def test_a_head_is_answered_without_the_text(reader, posts):
    whole = reader.get(EVERYTHING)

    for _ in range(2):
        head = reader.head(EVERYTHING)
        assert (head.status_code, head.content) == (200, b"")
        assert head["ETag"] == whole["ETag"]
        assert head["Content-Length"] == str(len(whole.content))
        reader.pages.store.clear()


@pytest.mark.parametrize("path", [*FEEDS, "/atom/never/", "/tags/never.json"])
def test_a_script_may_ask_before_it_asks(reader, posts, path, django_assert_num_queries):
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
def test_a_script_learns_whatever_the_answer_is(reader, posts, path, status):
    response = reader.get(path)

    assert response.status_code == status
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in response["Access-Control-Expose-Headers"]


def test_a_script_that_asks_by_plain_http_is_led_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    asked = client.options(EVERYTHING)

    response = Client().get(EVERYTHING)

    assert asked.status_code == 204
    assert (response.status_code, response["Location"]) == (301, f"https://testserver{EVERYTHING}")
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/", "/notes/", "/tags/ant/", "/search/?q=ant", "/sitemap.xml", "/feeds/"])
def test_scripts_of_other_sites_may_read_no_page(reader, posts, path):
    assert "Access-Control-Allow-Origin" not in reader.get(path).headers


def test_nothing_can_be_sent_to_a_feed(reader, posts):
    response = reader.post(EVERYTHING)

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
