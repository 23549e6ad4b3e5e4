"""Permalinks and numbers that more than one post claims."""

import pytest

from blog.models import Entry, ImportedRow, Note, Post
from blog.samples import sample_posts
from tests.factories import make_entry, make_note, utc

pytestmark = pytest.mark.django_db

MORNING, EVENING = "2024-06-08T08:00:00+00:00", "2024-06-08T20:00:00+00:00"


def addresses():
    return {(post.kind, post.number): post.get_absolute_url() for post in Post.objects.all()}


def make_sample(make=make_entry, **fields):
    post = make(published=utc(2024, 6, 8, 9), **fields)
    ImportedRow.objects.create(
        table=sample_posts.TABLE, row=post.pk, result_digest=sample_posts.result_digest(post), post=post
    )
    return post


def test_of_two_rows_of_a_table_the_first_published_gets_the_permalink(archive):
    archive.entry(id=1, slug="x", created=EVENING)
    archive.entry(id=2, slug="x", created=MORNING)

    report = archive.load()

    assert addresses() == {("entry", 1): "/2024/Jun/8/x-2/", ("entry", 2): "/2024/Jun/8/x/"}
    assert "blog_entry 1 is at /2024/Jun/8/x-2/, since blog_entry 2 has /2024/Jun/8/x/" in str(report)


def test_of_two_rows_of_different_tables_the_first_published_gets_the_permalink(archive):
    archive.entry(slug="x", created=EVENING)
    archive.note(slug="x", created=MORNING)

    report = archive.load()

    assert addresses() == {("entry", 1): "/2024/Jun/8/x-2/", ("note", 1): "/2024/Jun/8/x/"}
    assert "blog_entry 1 is at /2024/Jun/8/x-2/, since blog_note 1 has /2024/Jun/8/x/" in str(report)


def test_of_rows_published_at_the_same_time_the_kind_and_then_the_id_decides(archive):
    archive.note(id=1, slug="x")
    archive.entry(id=9, slug="x")
    archive.entry(id=10, slug="x")

    archive.load()

    assert addresses() == {
        ("entry", 9): "/2024/Jun/8/x/",
        ("entry", 10): "/2024/Jun/8/x-2/",
        ("note", 1): "/2024/Jun/8/x-3/",
    }


def test_the_next_free_permalink_is_not_one_that_another_row_claims(archive):
    archive.entry(id=1, slug="x")
    archive.entry(id=2, slug="x")
    archive.note(id=1, slug="x-2", created=EVENING)

    archive.load()

    assert addresses() == {
        ("entry", 1): "/2024/Jun/8/x/",
        ("entry", 2): "/2024/Jun/8/x-3/",
        ("note", 1): "/2024/Jun/8/x-2/",
    }


def test_an_invalid_row_claims_no_permalink(archive):
    archive.blogmark(slug="x", created=MORNING, link_url="javascript:")
    archive.note(slug="x", created=EVENING)

    archive.load()

    assert addresses() == {("note", 1): "/2024/Jun/8/x/"}


def test_a_draft_claims_its_permalink(archive):
    archive.entry(id=1, slug="x", is_draft=1)
    archive.entry(id=2, slug="x", created=EVENING)

    archive.load()

    assert addresses()["entry", 2] == "/2024/Jun/8/x-2/"


def test_permalinks_are_case_sensitive(archive):
    archive.entry(id=1, slug="x")
    archive.entry(id=2, slug="X")

    archive.load()

    assert addresses() == {("entry", 1): "/2024/Jun/8/x/", ("entry", 2): "/2024/Jun/8/X/"}


def test_a_long_slug_is_cut_to_fit_its_number(archive):
    archive.entry(id=1, slug="a" * 64)
    archive.entry(id=2, slug="a" * 64)

    archive.load()

    assert Entry.objects.get(number=2).slug == "a" * 62 + "-2"


def test_an_existing_post_keeps_its_permalink(archive):
    mine = make_note(title="Mine", slug="x", published=utc(2024, 6, 8))
    archive.entry(slug="x")

    report = archive.load()

    assert Post.objects.get(pk=mine.pk).get_absolute_url() == "/2024/Jun/8/x/"
    assert Entry.objects.get().get_absolute_url() == "/2024/Jun/8/x-2/"
    assert (
        "blog_entry 1 is at /2024/Jun/8/x-2/, since the note “Mine” of this weblog has /2024/Jun/8/x/"
        in str(report)
    )


def test_an_existing_post_keeps_its_number(archive):
    mine = make_entry(title="Mine")
    archive.entry(id=1)
    archive.entry(id=7)

    report = archive.load()

    assert Post.objects.get(pk=mine.pk).number == 1
    assert set(Entry.objects.exclude(pk=mine.pk).values_list("number", flat=True)) == {7, 8}
    assert "blog_entry 1 has the number 8, since the entry “Mine” of this weblog has its own" in str(report)


def test_numbers_of_different_kinds_do_not_clash(archive):
    make_note()
    archive.entry(id=1)

    archive.load()

    assert Entry.objects.get().number == 1


def test_a_sample_post_gives_up_its_number(archive, client):
    sample = make_sample(slug="sample")
    archive.entry(id=sample.number, slug="mine")
    archive.entry(id=sample.number + 5)

    report = archive.load()

    assert Entry.objects.get(number=sample.number).slug == "mine"
    assert Entry.objects.get(pk=sample.pk).number == sample.number + 6
    assert client.get(f"/e/{sample.number + 6}").url == "/2024/Jun/8/sample/"
    assert report.notes == []


def test_a_sample_post_gives_up_its_permalink(archive, client):
    sample = make_sample(slug="x")
    archive.entry(id=50, slug="x")

    archive.load()

    assert Entry.objects.get(number=50).slug == "x"
    moved = Entry.objects.get(pk=sample.pk)
    assert moved.slug == "x-2"
    assert client.get("/2024/Jun/8/x-2/").status_code == 200


def test_a_moved_sample_post_can_still_be_removed(archive):
    make_sample(slug="x")
    archive.entry(slug="x")
    archive.load()

    removed, kept = sample_posts.remove()

    assert (removed, kept) == (1, 0)
    assert addresses() == {("entry", 1): "/2024/Jun/8/x/"}


def test_a_moved_sample_post_that_was_edited_still_counts_as_edited(archive):
    sample = make_sample(slug="x")
    sample.body = "My own words."
    sample.save()
    archive.entry(slug="x")
    archive.load()

    removed, kept = sample_posts.remove()

    assert (removed, kept) == (0, 1)


@pytest.mark.parametrize("slug", ["a.b", "a b", "a/b", "a" * 65, "é?"])
def test_a_slug_that_no_address_can_hold(archive, slug):
    archive.entry(slug=slug, title="What it says")

    report = archive.load()

    assert Entry.objects.get().get_absolute_url() == "/2024/Jun/8/what-it-says/"
    expected = "blog_entry 1 has no slug that works in a URL; it is at /2024/Jun/8/what-it-says/"
    assert expected in str(report)


def test_two_posts_without_slugs_get_different_ones(archive):
    archive.note(id=1, slug="", body="It rains.")
    archive.note(id=2, slug=None, body="It rains.")
    archive.note(id=3, slug="it-rains")

    archive.load()

    assert dict(Note.objects.values_list("number", "slug")) == {
        1: "it-rains-2",
        2: "it-rains-3",
        3: "it-rains",
    }
