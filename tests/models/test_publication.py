"""Drafts, publication and scheduling."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from blog.models import Note, Post
from tests.factories import FACTORIES, make_entry, make_note, utc

pytestmark = pytest.mark.django_db

LAST_WEEK, NOW, TOMORROW = utc(2024, 6, 1), utc(2024, 6, 8, 21, 43), utc(2024, 6, 9, 21, 43)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture(params=FACTORIES)
def make(request):
    return FACTORIES[request.param]


def test_a_post_without_a_time_is_published_now(make):
    post = make()

    assert post.published == NOW
    assert Post.objects.published().get().pk == post.pk


def test_a_draft_has_no_time_and_is_not_public(make):
    post = make(is_draft=True)

    assert post.published is None
    assert not post.is_public
    assert not Post.objects.published()


def test_publishing_a_draft_dates_it_now(make, clock):
    clock.move_to(LAST_WEEK)
    post = make(is_draft=True)

    clock.move_to(NOW)
    post.is_draft = False
    post.save()

    assert (post.published, post.updated, post.day) == (NOW, NOW, NOW.date())


def test_a_post_may_be_backdated(make):
    post = make(published=LAST_WEEK)

    assert (post.published, post.updated, post.day) == (LAST_WEEK, LAST_WEEK, LAST_WEEK.date())


def test_a_scheduled_post_becomes_public_at_its_time(make, clock):
    post = make(published=TOMORROW)

    assert not post.is_public
    assert not Post.objects.published()

    clock.move_to(TOMORROW)

    assert post.is_public
    assert Post.objects.published()


def test_publishing_a_draft_keeps_the_time_its_author_chose(clock):
    post = make_entry(is_draft=True, published=LAST_WEEK)

    post.is_draft = False
    post.save()

    assert post.published == LAST_WEEK


def test_a_withdrawn_post_keeps_its_time():
    post = make_entry(published=LAST_WEEK)

    post.is_draft = True
    post.save()

    assert post.published == LAST_WEEK
    assert not Post.objects.published()


def test_the_database_refuses_a_published_post_without_a_time():
    make_note()

    with pytest.raises(IntegrityError):
        Post.objects.update(published=None)


def test_a_post_can_only_be_saved_as_its_kind():
    post = Post.objects.get(pk=make_note().pk)

    with pytest.raises(TypeError, match="as_kind"):
        post.save()


def test_update_fields_is_refused():
    post = make_note()

    with pytest.raises(TypeError, match="whole post"):
        post.save(update_fields=["title"])


@pytest.mark.parametrize("year", [1, 9999])
def test_years_at_the_ends_of_the_calendar_are_refused(year):
    note = Note(body="Text.", published=datetime(year, 6, 1, tzinfo=ZoneInfo("America/Los_Angeles")))

    with pytest.raises(ValidationError) as refusal:
        note.full_clean(exclude=["slug"])

    assert refusal.value.message_dict == {"published": ["Choose a year from 2 to 9998."]}
