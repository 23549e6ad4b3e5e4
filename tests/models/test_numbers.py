"""Posts of a kind are numbered, for short links, and each has an id for feeds."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from blog.models import Note, Post
from tests.factories import FACTORIES, make_entry, make_note


@pytest.mark.django_db
def test_each_kind_is_counted_for_itself():
    posts = [make() for make in FACTORIES.values()] + [make_entry()]

    assert [post.number for post in posts] == [1] * len(FACTORIES) + [2]


@pytest.mark.django_db
def test_a_number_stays():
    post = make_entry()
    make_entry()

    post.title = "Changed"
    post.save()

    assert post.number == 1


@pytest.mark.django_db
def test_a_number_that_was_brought_along_is_kept_and_counted_on():
    make_note(number=4000)

    assert make_note().number == 4001


@pytest.mark.django_db
def test_the_id_for_feeds_stays():
    post = make_entry()

    changed = Post.objects.get().as_kind()
    changed.slug, changed.title = "moved", "Changed"
    changed.save()

    assert Post.objects.get().uuid == post.uuid


@pytest.mark.django_db(transaction=True)
def test_posts_that_are_written_at_the_same_moment_get_numbers_and_slugs_of_their_own():
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write_note, range(12)))

    assert sorted(Note.objects.values_list("number", flat=True)) == list(range(1, 13))
    assert Note.objects.values("day", "slug").distinct().count() == 12


def write_note(n):
    try:
        make_note(title="Rain")
    finally:
        connection.close()
