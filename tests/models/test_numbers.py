"""The numbers of posts, for short links, and their ids, for feeds."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from blog.models import Note, Post
from tests.factories import FACTORIES, make_entry, make_note


@pytest.mark.django_db
def test_each_kind_has_its_own_numbers():
    posts = [make() for make in FACTORIES.values()] + [make_entry()]

    assert [post.number for post in posts] == [1] * len(FACTORIES) + [2]


@pytest.mark.django_db
def test_an_edit_keeps_the_number():
    post = make_entry()
    make_entry()

    post.title = "Changed"
    post.save()

    assert post.number == 1


@pytest.mark.django_db
def test_numbering_continues_from_an_imported_number():
    make_note(number=4000)

    assert make_note().number == 4001


@pytest.mark.django_db
def test_an_edit_keeps_the_feed_id():
    post = make_entry()

    changed = Post.objects.get().as_kind()
    changed.slug, changed.title = "moved", "Changed"
    changed.save()

    assert Post.objects.get().uuid == post.uuid


@pytest.mark.django_db(transaction=True)
def test_posts_saved_concurrently_get_different_numbers_and_slugs():
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write_note, range(12)))

    assert sorted(Note.objects.values_list("number", flat=True)) == list(range(1, 13))
    assert Note.objects.values("day", "slug").distinct().count() == 12


def write_note(n):
    try:
        make_note(title="Rain")
    finally:
        connection.close()
