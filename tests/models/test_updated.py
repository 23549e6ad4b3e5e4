"""`updated` is the last change that readers should know about."""

from datetime import timedelta

import pytest

from blog.models import Post
from tests.factories import FACTORIES, make_entry, make_note, make_series, utc

pytestmark = pytest.mark.django_db

PUBLISHED, LATER = utc(2024, 6, 8, 9), utc(2024, 6, 8, 15)
CONTENT_FIELDS = [(name, field) for name, kind in Post.kinds().items() for field in kind.content_fields]


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(LATER, tick=False)
    return time_machine


@pytest.mark.parametrize(("kind", "field"), CONTENT_FIELDS)
def test_changing_the_content_updates_the_post(kind, field):
    post = FACTORIES[kind](published=PUBLISHED)

    setattr(post, field, "https://example.com/changed")
    post.save()

    assert post.updated == LATER


@pytest.mark.parametrize("kind", FACTORIES)
def test_changing_anything_else_does_not_update_the_post(kind):
    post = FACTORIES[kind](published=PUBLISHED)

    post.slug, post.byline, post.series = "moved", "A guest", make_series()
    post.card_image = "https://example.com/card.png"
    post.save()
    post.tags.add("new")
    post.save()

    assert post.updated == PUBLISHED
    assert post.modified == LATER


def test_saving_an_unchanged_post_does_not_update_it():
    post = make_entry(published=PUBLISHED)

    Post.objects.get().as_kind().save()

    post.refresh_from_db()
    assert post.updated == PUBLISHED


def test_a_correction_does_not_update_the_post():
    post = make_entry(published=PUBLISHED)

    post.body = "Corrected."
    post.save(notify_readers=False)

    assert post.updated == PUBLISHED


def test_a_correction_keeps_an_earlier_update(clock):
    post = make_entry(published=PUBLISHED)
    post.body = "Updated."
    post.save()

    clock.move_to(LATER + timedelta(days=1))
    post.body = "Corrected."
    post.save(notify_readers=False)

    assert post.updated == LATER


def test_changes_before_publication_are_no_updates(clock):
    post = make_entry(is_draft=True)
    post.body = "Better."
    post.save()

    clock.move_to(LATER + timedelta(days=1))
    post.is_draft = False
    post.save()

    assert post.updated == post.published == LATER + timedelta(days=1)


def test_a_scheduled_post_that_changes_is_updated_when_it_is_published():
    tomorrow = LATER + timedelta(days=1)
    post = make_entry(published=tomorrow)

    post.body = "Better."
    post.save()

    assert post.updated == tomorrow


def test_updated_is_never_before_the_time_of_publication():
    post = make_entry(published=PUBLISHED)

    post.published = PUBLISHED + timedelta(hours=1)
    post.save()

    assert post.updated == post.published


def test_a_draft_is_not_shown_as_updated():
    assert not make_note(is_draft=True).was_updated


@pytest.mark.parametrize(("minutes", "is_shown"), [(9, False), (11, True)])
def test_updates_are_shown_from_ten_minutes_after_publication(clock, minutes, is_shown):
    post = make_note(published=PUBLISHED)

    clock.move_to(PUBLISHED + timedelta(minutes=minutes))
    post.body = "Changed."
    post.save()

    assert post.was_updated is is_shown
