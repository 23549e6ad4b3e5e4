"""Slugs: made from the title or text, and unique within a day."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import resolve
from hypothesis import example, given
from hypothesis import strategies as st

from blog.models import Note, Post
from tests.factories import FACTORIES, make_blogmark, make_entry, make_note, make_quotation, utc

pytestmark = pytest.mark.django_db

NOON = utc(2024, 6, 8)


@pytest.mark.parametrize(
    ("make", "fields", "slug"),
    [
        (make_entry, {"title": "A Day at the Sea"}, "a-day-at-the-sea"),
        (make_blogmark, {"link_title": "How boats float"}, "how-boats-float"),
        (make_quotation, {"source": "Ada Lovelace"}, "ada-lovelace"),
        (make_note, {"title": "Rain", "body": "It rains."}, "rain"),
        (make_note, {"body": "It rains."}, "it-rains"),
    ],
)
def test_a_slug_is_made_from_the_title_or_text(make, fields, slug):
    assert make(**fields).slug == slug


def test_a_slug_has_at_most_eight_words():
    assert make_entry(title="one two three four five six seven eight nine").slug.count("-") == 7


def test_a_slug_has_at_most_64_characters():
    assert len(make_entry(title="word" * 100).slug) <= 64


def test_slugs_keep_letters_of_every_script(client):
    post = make_entry(title="Größe und 大きさ")

    assert post.slug == "größe-und-大きさ"
    assert client.get(post.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("entry", {"title": "?!"}),
        ("blogmark", {"link_title": "🎉"}),
        ("quotation", {"source": "…"}),
        ("note", {"body": "🎉"}),
    ],
)
def test_a_post_without_words_gets_its_kind_as_slug(kind, fields):
    assert FACTORIES[kind](**fields).slug == kind


@given(st.text(max_size=500))
@example("-_-")
@example("\x00\u2028\ud7ff")
def test_any_text_makes_a_slug_that_urls_accept(text):
    slug = Note.unused_slug(NOON.date(), text)

    assert re.fullmatch(r"[-\w]{1,64}", slug)
    assert resolve(f"/2024/Jun/8/{slug}/").url_name == "post"


def test_equal_slugs_of_one_day_are_numbered():
    slugs = [make_entry(title="Rain", published=NOON).slug for _ in range(3)]

    assert slugs == ["rain", "rain-2", "rain-3"]


def test_posts_of_different_days_may_have_the_same_slug():
    assert make_entry(title="Rain", published=NOON).slug == "rain"
    assert make_entry(title="Rain", published=utc(2024, 6, 9)).slug == "rain"


def test_a_new_title_keeps_the_slug():
    post = make_entry(title="Rain", published=NOON)

    post.title = "Sunshine"
    post.save()

    assert post.slug == "rain"


def test_an_emptied_slug_is_made_again():
    post = make_entry(title="Rain", published=NOON)

    post.slug = ""
    post.save()

    assert post.slug == "rain"


@pytest.mark.parametrize("other", FACTORIES)
def test_the_database_refuses_a_second_post_at_a_permalink(other):
    make_entry(slug="rain", published=NOON)

    with pytest.raises(IntegrityError):
        FACTORIES[other](slug="rain", published=NOON)


def errors(post):
    with pytest.raises(ValidationError) as caught:
        post.full_clean()
    return caught.value.message_dict


def test_the_error_for_a_taken_permalink_names_the_other_post():
    make_entry(title="Rain", published=NOON)
    post = make_blogmark(slug="other", published=NOON)

    post.slug = "rain"

    assert errors(post) == {"slug": ["The entry “Rain” is already at /2024/Jun/8/rain/."]}


def test_a_draft_is_checked_against_the_day_of_its_publication(time_machine):
    time_machine.move_to(utc(2024, 6, 1))
    draft = make_note(title="Rain", is_draft=True)
    make_entry(title="Rain", published=NOON)

    time_machine.move_to(NOON)
    draft.is_draft = False

    assert "already at /2024/Jun/8/rain/" in errors(draft)["slug"][0]


def test_a_post_does_not_conflict_with_itself():
    post = make_entry(title="Rain", published=NOON)

    post.full_clean()

    assert Post.objects.get().slug == "rain"
