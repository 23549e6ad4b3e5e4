"""Tags and taggings."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from blog.models import Tag, Tagging, Word
from tests.factories import FACTORIES, make_entry, make_note, make_tag, utc

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("make", FACTORIES.values(), ids=FACTORIES)
def test_a_tagging_follows_the_publication_of_its_post(make):
    post = make(tags=["sea"], published=utc(2024, 6, 8), is_draft=True)

    assert Tagging.objects.filter(published=post.published, is_public=False).exists()

    post.is_draft, post.published = False, utc(2024, 6, 9)
    post.save()

    assert Tagging.objects.filter(published=post.published, is_public=True).exists()


def test_a_tagging_is_deleted_with_its_post():
    post = make_entry(tags=["sea"])

    post.delete()

    assert not Tagging.objects.exists()


@pytest.mark.parametrize(
    ("name", "slug"),
    [("machine learning", "machine-learning"), ("C++", "c-plus-plus"), ("C#", "c-sharp"), ("Größe", "größe")],
)
def test_a_slug_is_made_from_the_name(name, slug):
    assert make_tag(name).slug == slug


def test_similar_names_get_different_slugs():
    slugs = {make_tag(name).slug for name in ("c", "c++", "c#", "a b", "a-b")}

    assert len(slugs) == 5


@given(st.text(min_size=1, max_size=100))
@example("🎉")
@example("-_-")
@example("+" * 100)
def test_any_name_makes_a_slug_that_urls_accept(name):
    tag = Tag(name=name)

    tag.slug = tag.slugify(name)

    assert tag.get_absolute_url()
    assert len(tag.slug) <= 100


def test_names_without_letters_make_different_tags(client):
    make_note(tags=["🎉", "🚀"])

    for tag in Tag.objects.all():
        assert client.get(tag.get_absolute_url()).status_code == 200


def test_a_tag_keeps_the_case_it_was_first_written_in():
    make_entry(tags=["SQLite"])
    make_entry(tags=["sqlite", "SQLITE"])

    assert [tag.name for tag in Tag.objects.all()] == ["SQLite"]
    assert Tagging.objects.count() == 2


def test_a_description_is_rendered_when_it_is_saved():
    tag = make_tag("sea", description="Salt *water*.")

    assert "<em>water</em>" in Tag.objects.get(pk=tag.pk).description_html


def test_spelling_learns_a_name_once_a_public_post_has_the_tag():
    post = make_note(tags=["zanzibar"], is_draft=True)
    Tag.objects.get().rename("zanzibars")
    assert not Word.objects.filter(word__startswith="zanz").exists()

    post.is_draft = False
    post.save()

    assert Word.objects.filter(word="zanzibars").exists()
    Tag.objects.get().rename("tanganyika")
    assert Word.objects.filter(word="tanganyika").exists()


def test_spelling_learns_the_names_of_tags_whose_counts_are_recomputed():
    make_note(tags=["zanzibar"])
    Word.objects.all().delete()
    Tag.objects.update(uses=0, counts_by_year={})

    Tag.objects.recompute_counts()

    assert Word.objects.filter(word="zanzibar").exists()
