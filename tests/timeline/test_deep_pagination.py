"""Deep pages begin at the same post as if every post before them were counted."""

from datetime import timedelta
from functools import partial
from random import Random

import pytest

from blog.models import Post, SiteState, Tag
from blog.timeline.by_tag import tagged_post_ids
from blog.timeline.deep_pagination import skip_years
from tests.factories import make_note, set_site, utc

pytestmark = pytest.mark.django_db

NUMBER = 40


@pytest.fixture
def notes():
    """Posts of five years, most of them around New Year, in time zones on both sides of UTC."""
    random = Random(7)
    for n in range(NUMBER):
        if n % 10 == 0:
            set_site(time_zone=random.choice(["Pacific/Kiritimati", "Pacific/Niue", "UTC"]))
        hours = random.choice([random.randrange(-30, 30), random.randrange(8000)])
        moment = utc(2020 + n % 5, 1, 1, 0) + timedelta(hours=hours)
        make_note(published=moment, tags=["sea", "wind"][: 1 + n % 2])


def of_all(*bounds):
    return Post.objects.published(*bounds).newest_first().values_list("pk", flat=True)


def beginnings(rows, by_year, **options):
    """Return {offset: the id at which `skip_years()` begins}."""
    found = {}
    for number in range(NUMBER):
        rest, left = skip_years(rows, by_year, number, **options)
        found[number] = next(iter(rest[left : left + 1]), None)
    return found


def test_pages_of_a_kind_begin_at_the_right_post(notes):
    make_note(is_draft=True, published=utc(2022, 1, 1))
    make_note(published=utc(2999, 1, 1))
    by_year = SiteState.load().counts_by_year_of("note")

    assert beginnings(of_all, by_year) == dict(enumerate(of_all()))


def test_pages_of_a_tag_begin_at_the_right_post(notes):
    tag = Tag.objects.get(name="sea")
    rows = partial(tagged_post_ids, [tag])

    assert beginnings(rows, tag.counts_by_year, day="content_object__day") == dict(enumerate(rows()))


def test_skipping_years_takes_one_query(notes, django_assert_num_queries):
    by_year = SiteState.load().counts_by_year_of("note")

    with django_assert_num_queries(1):
        _, left = skip_years(of_all, by_year, NUMBER - 1)
    with django_assert_num_queries(0):
        assert skip_years(of_all, by_year, 0)[1] == 0

    assert left < by_year["2020"] + 4


def test_wrong_counts_only_shift_the_page(notes):
    rest, left = skip_years(of_all, {"2024": 30, "2023": 1}, 31)

    assert left >= 0
    assert set(rest) <= set(of_all())
