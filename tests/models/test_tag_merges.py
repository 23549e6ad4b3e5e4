"""Merging tags, and undoing merges."""

import pytest

from blog.models import (
    CannotMerge,
    CannotUndo,
    MergePreview,
    Post,
    PreviousTagName,
    Tag,
    Tagging,
    TagMerge,
)
from tests.factories import FACTORIES, make_entry, make_note, make_tag, saving_in_bulk, utc
from tests.helpers.tagging import assert_counts_match, found_by, names_by_post, rows_of, tag_rows

pytestmark = pytest.mark.django_db


def merge(*names, into):
    sources = [Tag.objects.get(name=name) for name in names]
    return TagMerge.merge(sources, Tag.objects.get(name=into))


def tags_of(post):
    return set(post.tags.values_list("name", flat=True))


@pytest.mark.parametrize("make", FACTORIES.values(), ids=FACTORIES)
def test_posts_of_every_kind_get_the_destination(make):
    make_tag("cat")
    post, draft = make(tags=["cats", "pets"]), make(tags=["cats"], is_draft=True)

    merge("cats", into="cat")

    assert tags_of(post) == {"cat", "pets"}
    assert tags_of(draft) == {"cat"}
    assert not Tag.objects.filter(name="cats").exists()
    assert_counts_match()


def test_a_post_that_had_both_tags_has_the_destination_once():
    post = make_note(tags=["cat", "cats"])

    merge("cats", into="cat")

    assert Tagging.objects.get().content_object_id == post.pk
    assert_counts_match()


def test_several_tags_can_be_merged_at_once():
    make_tag("cat")
    post, other = make_note(tags=["cats", "kitty"]), make_note(tags=["kitty"])

    merge("cats", "kitty", into="cat")

    assert tags_of(post) == tags_of(other) == {"cat"}
    assert_counts_match()


def test_urls_of_a_merged_tag_redirect_to_the_destination(client):
    make_note(tags=["c++", "cpp"])

    merge("c++", into="cpp")

    assert client.get("/tags/c-plus-plus/")["Location"] == "/tags/cpp/"
    assert client.get("/tags/c-plus-plus.atom")["Location"] == "/tags/cpp.atom"


def test_former_names_redirect_to_the_destination(client):
    make_note(tags=["a", "c"])
    Tag.objects.get(name="a").rename("b")

    merge("b", into="c")

    assert client.get("/tags/a/")["Location"] == "/tags/c/"
    assert client.get("/tags/b/")["Location"] == "/tags/c/"


def test_search_finds_the_posts_by_the_destination():
    post = make_entry(title="Purr", tags=["feline"])
    make_tag("cat")

    merge("feline", into="cat")

    assert found_by("cat") == found_by("tag:cat") == found_by("tag:feline") == {post.pk}
    assert found_by("feline") == set()


def test_no_post_changes():
    make_note(tags=["cat", "cats"])
    before = rows_of(Post)

    merge("cats", into="cat")

    assert rows_of(Post) == before


def test_the_record_has_the_user_and_every_changed_row(admin_user):
    post, other = make_note(tags=["cat", "cats"]), make_note(tags=["cats"])
    cats, cat = Tag.objects.get(name="cats"), Tag.objects.get(name="cat")
    taggings = {tagging.content_object_id: tagging.pk for tagging in cats.taggings.all()}

    record = TagMerge.merge([cats], cat, by=admin_user)

    record.refresh_from_db()
    assert str(record) == "cats into cat"
    assert (record.merged_by, record.destination) == (admin_user, cat)
    assert record.moved == [[taggings[other.pk], other.pk, cats.pk]]
    assert record.dropped == [[taggings[post.pk], post.pk, cats.pk]]
    assert [name for _, name, _ in record.names] == ["cats"]
    assert record.sources[0]["uses"] == 2


def test_a_preview_counts_the_posts_of_each_kind(django_assert_num_queries):
    make_note(tags=["cats"])
    make_note(tags=["kitty", "cats"], is_draft=True)
    make_note(tags=["cats", "cat"])
    make_entry(tags=["kitty", "cat"])
    make_entry(tags=["cat"])
    cat, cats, kitty = Tag.objects.order_by("name")
    kitty.rename("kitten")
    preview = MergePreview([cats, kitty], cat)

    with django_assert_num_queries(2):
        kinds, names = preview.kinds(), preview.names()

    numbers = {row["kind"].__name__: (row["gain"], row["have"]) for row in kinds}
    assert numbers == {"Entry": (0, 1), "Note": (2, 1)}
    assert names == ["cats", "kitten", "kitty"]


def test_a_preview_changes_nothing():
    make_note(tags=["cats", "cat"])
    before = tag_rows()

    MergePreview([Tag.objects.get(name="cats")], Tag.objects.get(name="cat")).kinds()

    assert tag_rows() == before


def test_a_tag_cannot_be_merged_with_itself_or_after_it_was_deleted():
    cat, gone = make_tag("cat"), make_tag("gone")
    Tag.objects.filter(name="gone").delete()
    before = tag_rows()

    for sources in [cat], [gone], []:
        with pytest.raises(CannotMerge):
            TagMerge.merge(sources, cat)
    with pytest.raises(CannotMerge):
        TagMerge.merge([cat], gone)

    assert tag_rows() == before
    assert not TagMerge.objects.exists()


# Undo


@pytest.fixture
def cats():
    """Create everything that a merge changes: posts with one or both tags, drafts, former names."""
    make_tag("cat", description="A *small* animal.")
    make_tag("cats", slug="many-cats", description="More of them.")
    make_note(tags=["cats"], published=utc(2020, 1, 1))
    make_entry(tags=["cats", "cat"], published=utc(2021, 1, 1))
    make_note(tags=["cats", "kitty"], is_draft=True)
    make_note(tags=["cat", "kitty"])
    make_note(tags=["kitty"])
    Tag.objects.get(name="kitty").rename("kitten")
    for name in ("old", "CATS"):
        PreviousTagName.objects.create(
            name=name, tag=Tag.objects.get(name="cat" if name == "CATS" else "cats")
        )
    return tag_rows()


def test_undo_restores_every_row(cats):
    merge("cats", into="cat").undo()

    assert tag_rows() == cats


def test_undo_restores_every_row_of_several_tags(cats):
    merge("cats", "kitten", into="cat").undo()

    assert tag_rows() == cats


def test_undoing_merges_from_last_to_first_restores_every_row(cats):
    first = merge("cats", into="cat")
    second = merge("cat", into="kitten")

    second.undo()
    first.undo()

    assert tag_rows() == cats


def test_undoing_an_earlier_merge_keeps_the_effects_of_a_later_one(cats):
    first = merge("cats", into="cat")
    second = merge("kitten", into="cat")

    first.undo()

    assert not first.not_restored
    assert_counts_match()
    second.refresh_from_db()
    second.undo()
    assert not second.not_restored
    assert tag_rows() == cats


def test_undo_keeps_the_record_and_notes_the_user(cats, admin_user):
    record = merge("cats", into="cat")

    record.undo(by=admin_user)

    record.refresh_from_db()
    assert record.undone
    assert record.undone_by == admin_user


def test_undo_counts_posts_published_since_the_merge():
    make_tag("cat")
    post = make_note(tags=["cats"], is_draft=True)
    record = merge("cats", into="cat")
    post.is_draft = False
    post.save()

    record.undo()

    assert Tag.objects.get(name="cats").uses == 1
    assert_counts_match()


def test_undo_leaves_posts_alone_that_have_lost_the_tag_since():
    make_tag("cat")
    post, other = make_note(tags=["cats"], title="Purr"), make_note(tags=["cats"])
    record = merge("cats", into="cat")
    post.tags.remove("cat")

    record.undo()

    assert names_by_post() == {post.pk: set(), other.pk: {"cats"}}
    assert record.not_restored == [
        "The tags of “Purr” have changed since the merge, so they were left alone."
    ]
    assert_counts_match()


def test_undo_leaves_posts_alone_that_were_given_the_tag_again():
    make_tag("cat")
    post = make_note(tags=["cats"], title="Purr")
    record = merge("cats", into="cat")
    post.tags.remove("cat")
    post.tags.add("cat")

    record.undo()

    assert tags_of(post) == {"cat"}
    assert len(record.not_restored) == 1


def test_undo_reports_the_number_of_deleted_posts():
    having, gaining = make_note(tags=["cats", "cat"]), make_note(tags=["cats"])
    record = merge("cats", into="cat")
    having.delete()
    gaining.delete()

    record.undo()

    assert record.not_restored == ["Posts that have been deleted since the merge: 2."]
    assert_counts_match()


def test_undo_names_at_most_twenty_changed_posts():
    make_tag("cat")
    with saving_in_bulk():
        posts = [make_note(tags=["cats"], title="Purr") for _ in range(25)]
    record = merge("cats", into="cat")
    for post in posts:
        post.tags.clear()

    record.undo()

    assert len(record.not_restored) == 21
    assert record.not_restored[-1] == "The same applies to 5 more."


def test_undo_reports_a_former_name_that_has_been_removed(cats):
    record = merge("cats", into="cat")
    PreviousTagName.objects.filter(name="old").delete()

    record.undo()

    assert record.not_restored == ["The former name “old” has changed since the merge, so it was left alone."]


def test_undo_is_refused_if_a_new_tag_has_the_name(cats):
    record = merge("cats", into="cat")
    make_tag("CATS")
    before = tag_rows()

    with pytest.raises(CannotUndo, match="There is a new tag “CATS”"):
        record.undo()

    assert tag_rows() == before


def test_undo_is_refused_while_the_destination_is_merged_into_another_tag(cats):
    record = merge("cats", into="cat")
    merge("cat", into="kitten")

    with pytest.raises(CannotUndo, match="The tag “cat” no longer exists"):
        record.undo()


def test_a_merge_can_be_undone_only_once(cats):
    record = merge("cats", into="cat")
    record.undo()

    with pytest.raises(CannotUndo, match="already"):
        record.undo()


def test_undo_works_after_the_destination_was_renamed(cats):
    record = merge("cats", into="cat")
    Tag.objects.get(name="cat").rename("feline")

    record.undo()

    assert not record.not_restored
    assert set(Tag.objects.values_list("name", flat=True)) == {"cats", "feline", "kitten"}
    assert_counts_match()


def test_undo_ignores_columns_that_tags_no_longer_have(cats):
    record = merge("cats", into="cat")
    record.sources = [row | {"colour": "red"} for row in record.sources]
    record.save()

    record.undo()

    assert Tag.objects.filter(name="cats").exists()
    assert_counts_match()
