"""Lookups that Django doesn't have."""

from datetime import date

import pytest

from blog.database.lookups import InArray
from blog.models import Post, Tagging
from tests.factories import make_entry, make_note, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def posts():
    return [make_entry(published=utc(2024, 6, day), tags=[f"day {day}"]) for day in (7, 8, 9)]


def test_ids_match(posts):
    found = Post.objects.filter(InArray("pk", [posts[0].pk, posts[2].pk, 999_999])).order_by("pk")

    assert [post.pk for post in found] == [posts[0].pk, posts[2].pk]


def test_foreign_keys_match(posts):
    taggings = Tagging.objects.filter(InArray("content_object", [posts[1].pk]))

    assert [tagging.tag.name for tagging in taggings] == ["day 8"]


def test_dates_match(posts):
    make_note(published=utc(2024, 6, 8))

    found = Post.objects.filter(InArray("day", [date(2024, 6, 8), date(2024, 6, 10)]))

    assert {post.kind for post in found} == {"entry", "note"}


def test_columns_of_joined_tables_match(posts):
    taggings = Tagging.objects.filter(InArray("content_object__day", [date(2024, 6, 9)]))

    assert taggings.get().tag.name == "day 9"


def test_any_iterable_is_accepted(posts):
    assert Post.objects.filter(InArray("pk", {posts[0].pk: "x"})).count() == 1


def test_no_values_run_no_query(posts, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not Post.objects.filter(InArray("pk", []))


def test_it_can_be_negated(posts):
    others = Post.objects.exclude(InArray("pk", [post.pk for post in posts[1:]]))

    assert others.get().pk == posts[0].pk


def test_it_takes_any_number_of_values(posts):
    assert Post.objects.filter(InArray("pk", range(posts[0].pk, posts[0].pk + 100_000))).count() == 3
