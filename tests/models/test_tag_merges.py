"""Tags merged into one, and merges undone."""

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
def test_posts_of_every_kind_get_the_tag_that_stays(make):
    make_tag("cat")
    post, draft = make(tags=["cats", "pets"]), make(tags=["cats"], is_draft=True)

    merge("cats", into="cat")

    assert tags_of(post) == {"cat", "pets"}
    assert tags_of(draft) == {"cat"}
    assert not Tag.objects.filter(name="cats").exists()
    assert_counts_match()


def test_a_post_that_has_both_has_it_once():
    post = make_note(tags=["cat", "cats"])

    merge("cats", into="cat")

    assert Tagging.objects.get().content_object_id == post.pk
    assert_counts_match()


def test_several_tags_are_merged_at_once():
    make_tag("cat")
    post, other = make_note(tags=["cats", "kitty"]), make_note(tags=["kitty"])

    merge("cats", "kitty", into="cat")

    assert tags_of(post) == tags_of(other) == {"cat"}
    assert_counts_match()


def test_addresses_of_the_tag_that_went_lead_to_the_one_that_stays(client):
    make_note(tags=["c++", "cpp"])

    merge("c++", into="cpp")

    assert client.get("/tags/c-plus-plus/")["Location"] == "/tags/cpp/"
    assert client.get("/tags/c-plus-plus.atom")["Location"] == "/tags/cpp.atom"


def test_former_names_are_pointed_to_the_one_that_stays(client):
    make_note(tags=["a", "c"])
    Tag.objects.get(name="a").rename("b")

    merge("b", into="c")

    assert client.get("/tags/a/")["Location"] == "/tags/c/"
    assert client.get("/tags/b/")["Location"] == "/tags/c/"


def test_search_follows():
    post = make_entry(title="Purr", tags=["feline"])
    make_tag("cat")

    merge("feline", into="cat")

    assert found_by("cat") == found_by("tag:cat") == found_by("tag:feline") == {post.pk}
    assert found_by("feline") == set()


def test_no_post_is_touched():
    make_note(tags=["cat", "cats"])
    before = rows_of(Post)

    merge("cats", into="cat")

    assert rows_of(Post) == before


def test_the_record_says_who_did_what(admin_user):
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


def test_tags_that_are_the_same_or_gone_cannot_be_merged():
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
    """Tags with everything that a merge changes: posts with one or both, drafts, former names."""
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


def test_merges_undone_from_the_last_to_the_first_restore_every_row(cats):
    first = merge("cats", into="cat")
    second = merge("cat", into="kitten")

    second.undo()
    first.undo()

    assert tag_rows() == cats


def test_a_merge_undone_before_a_later_one_leaves_what_the_later_one_alone_had_made(cats):
    first = merge("cats", into="cat")
    second = merge("kitten", into="cat")

    first.undo()

    assert not first.not_restored
    assert_counts_match()
    second.refresh_from_db()
    second.undo()
    assert not second.not_restored
    assert tag_rows() == cats


def test_undo_leaves_the_record_and_says_by_whom(cats, admin_user):
    record = merge("cats", into="cat")

    record.undo(by=admin_user)

    record.refresh_from_db()
    assert record.undone
    assert record.undone_by == admin_user


def test_what_was_published_since_is_counted():
    make_tag("cat")
    post = make_note(tags=["cats"], is_draft=True)
    record = merge("cats", into="cat")
    post.is_draft = False
    post.save()

    record.undo()

    assert Tag.objects.get(name="cats").uses == 1
    assert_counts_match()


def test_a_post_that_lost_the_tag_since_stays_as_it_is():
    make_tag("cat")
    post, other = make_note(tags=["cats"], title="Purr"), make_note(tags=["cats"])
    record = merge("cats", into="cat")
    post.tags.remove("cat")

    record.undo()

    assert names_by_post() == {post.pk: set(), other.pk: {"cats"}}
    assert record.not_restored == ["“Purr” has been tagged otherwise since, and stays as it is."]
    assert_counts_match()


def test_a_post_that_was_given_the_tag_again_since_keeps_it():
    make_tag("cat")
    post = make_note(tags=["cats"], title="Purr")
    record = merge("cats", into="cat")
    post.tags.remove("cat")
    post.tags.add("cat")

    record.undo()

    assert tags_of(post) == {"cat"}
    assert len(record.not_restored) == 1


def test_posts_that_are_no_more_are_counted():
    having, gaining = make_note(tags=["cats", "cat"]), make_note(tags=["cats"])
    record = merge("cats", into="cat")
    having.delete()
    gaining.delete()

    record.undo()

    assert record.not_restored == ["Deleted since: 2 of the posts."]
    assert_counts_match()


def test_many_posts_that_changed_are_not_all_named():
    make_tag("cat")
    with saving_in_bulk():
        posts = [make_note(tags=["cats"], title="Purr") for _ in range(25)]
    record = merge("cats", into="cat")
    for post in posts:
        post.tags.clear()

    record.undo()

    assert len(record.not_restored) == 21
    assert record.not_restored[-1] == "The same goes for 5 more."


def test_a_former_name_that_was_removed_since_is_named(cats):
    record = merge("cats", into="cat")
    PreviousTagName.objects.filter(name="old").delete()

    record.undo()

    assert record.not_restored == ["The former name “old” has been changed since, and stays as it is."]


def test_a_tag_of_the_same_name_stands_in_the_way(cats):
    record = merge("cats", into="cat")
    make_tag("CATS")
    before = tag_rows()

    with pytest.raises(CannotUndo, match="There is a tag “CATS” again"):
        record.undo()

    assert tag_rows() == before


def test_a_merge_of_the_tag_that_stayed_has_to_be_undone_first(cats):
    record = merge("cats", into="cat")
    merge("cat", into="kitten")

    with pytest.raises(CannotUndo, match="no tag “cat” any more"):
        record.undo()


def test_a_merge_is_undone_once(cats):
    record = merge("cats", into="cat")
    record.undo()

    with pytest.raises(CannotUndo, match="already"):
        record.undo()


def test_the_tag_that_stayed_may_have_another_name_since(cats):
    record = merge("cats", into="cat")
    Tag.objects.get(name="cat").rename("feline")

    record.undo()

    assert not record.not_restored
    assert set(Tag.objects.values_list("name", flat=True)) == {"cats", "feline", "kitten"}
    assert_counts_match()


def test_a_merge_of_tags_that_had_other_columns_can_be_undone(cats):
    record = merge("cats", into="cat")
    record.sources = [row | {"colour": "red"} for row in record.sources]
    record.save()

    record.undo()

    assert Tag.objects.filter(name="cats").exists()
    assert_counts_match()
