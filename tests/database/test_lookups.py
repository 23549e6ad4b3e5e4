"""That a column has one of many values."""

from datetime import date

import pytest

from blog.database.lookups import InArray
from blog.models import Post, Tagging
from tests.factories import make_entry, make_note, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def posts():
    return [make_entry(published=utc(2024, 6, day), tags=[f"day {day}"]) for day in (7, 8, 9)]


def test_ids_are_listed(posts):
    listed = Post.objects.filter(InArray("pk", [posts[0].pk, posts[2].pk, 999_999])).order_by("pk")

    assert [post.pk for post in listed] == [posts[0].pk, posts[2].pk]


def test_what_another_row_refers_to_is_listed(posts):
    taggings = Tagging.objects.filter(InArray("content_object", [posts[1].pk]))

    assert [tagging.tag.name for tagging in taggings] == ["day 8"]


def test_days_are_listed(posts):
    make_note(published=utc(2024, 6, 8))

    listed = Post.objects.filter(InArray("day", [date(2024, 6, 8), date(2024, 6, 10)]))

    assert {post.kind for post in listed} == {"entry", "note"}


def test_the_column_may_be_of_a_joined_table(posts):
    taggings = Tagging.objects.filter(InArray("content_object__day", [date(2024, 6, 9)]))

    assert taggings.get().tag.name == "day 9"


def test_any_iterable_will_do(posts):
    assert Post.objects.filter(InArray("pk", {posts[0].pk: "x"})).count() == 1


def test_for_no_value_nothing_is_asked(posts, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not Post.objects.filter(InArray("pk", []))


def test_it_can_be_turned_round(posts):
    others = Post.objects.exclude(InArray("pk", [post.pk for post in posts[1:]]))

    assert others.get().pk == posts[0].pk


def test_thousands_are_no_trouble(posts):
    assert Post.objects.filter(InArray("pk", range(posts[0].pk, posts[0].pk + 100_000))).count() == 3
