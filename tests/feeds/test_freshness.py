"""Conditional requests: a changed feed is never answered with 304, and an unchanged one always is."""

from datetime import timedelta

import pytest
from django.utils.http import parse_http_date

from blog.models import Note, Tag, Tagging, TagMerge
from tests.factories import make_blogmark, make_entry, make_note, make_timeline, set_site, utc
from tests.feeds.reading import validators
from tests.helpers.writing import edit, write

pytestmark = pytest.mark.django_db

NOON = utc(2024, 6, 8)
EVERYTHING = "/atom/everything/"


def save(post, **fields):
    for name, value in fields.items():
        setattr(post, name, value)
    post.save()


CHANGES = {
    "a new post": lambda post: make_note(),
    "another text": lambda post: save(post, body="Other words."),
    "a correction without notification": lambda post: (
        setattr(post, "body", "Corrected."),
        post.save(notify_readers=False),
    ),
    "another tag": lambda post: post.tags.add("new"),
    "a removed tag": lambda post: post.tags.remove("ant"),
    "a tag added in bulk": lambda post: Tagging.objects.attach(
        [post.pk], [Tag.objects.create(name="of many").pk]
    ),
    "a tag removed in bulk": lambda post: Tagging.objects.detach([post.pk], [Tag.objects.get(name="ant").pk]),
    "a renamed tag": lambda post: Tag.objects.get(name="ant").rename("emmet"),
    "a deleted tag": lambda post: Tag.objects.get(name="ant").delete(),
    "deleted tags": lambda post: Tag.objects.filter(name="ant").delete(),
    "merged tags": lambda post: TagMerge.merge([Tag.objects.get(name="ant")], Tag.objects.get(name="bee")),
    "a deleted post": lambda post: post.delete(),
    "deleted posts": lambda post: Note.objects.filter(pk=post.pk).delete(),
    "a post turned into a draft": lambda post: save(post, is_draft=True),
    "another permalink": lambda post: save(post, slug="elsewhere"),
    "another site title": lambda post: set_site(title="Renamed"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_invalidates_the_feed(reader, change):
    post = make_note(published=NOON, tags=["ant", "bee"])
    make_note(published=NOON - timedelta(days=1), tags=["bee"])
    first = reader.get(EVERYTHING)

    CHANGES[change](post)

    for headers in validators(first):
        again = reader.get(EVERYTHING, headers=headers)
        assert again.status_code == 200
        assert again.content != first.content
        assert parse_http_date(again["Last-Modified"]) >= parse_http_date(first["Last-Modified"])


def test_a_scheduled_post_invalidates_the_feed_at_its_time(reader, time_machine):
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


def test_an_edit_in_the_admin_invalidates_the_feed(reader, admin_client):
    post = write(admin_client, "note", "first")
    first = reader.get(EVERYTHING)

    edit(admin_client, post, body="second")

    for headers in validators(first):
        assert b"second" in reader.get(EVERYTHING, headers=headers).content


@pytest.mark.parametrize("between", [0, 1, 2])
def test_no_last_modified_time_stands_for_two_versions(reader, time_machine, between):
    time_machine.move_to(NOON, tick=False)
    post = make_note(published=NOON - timedelta(days=1))
    first = reader.get(EVERYTHING)
    time_machine.shift(between)
    save(post, body="Changed.")

    time = {"If-Modified-Since": first["Last-Modified"]}

    assert reader.get(EVERYTHING, headers=time).status_code == 200


def test_last_modified_is_never_in_the_future(reader, time_machine):
    time_machine.move_to(NOON, tick=False)
    make_timeline(20)

    assert parse_http_date(reader.get(EVERYTHING)["Last-Modified"]) <= NOON.timestamp()


def test_unrelated_changes_keep_the_etag(reader):
    make_note(tags=["ant"])
    feed = reader.get("/tags/ant.atom")

    make_entry(tags=["bee"])
    make_note(tags=["ant"], is_draft=True)

    assert reader.get("/tags/ant.atom", headers={"If-None-Match": feed["ETag"]}).status_code == 304


def test_urls_have_the_host_and_scheme_of_the_request(reader):
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
