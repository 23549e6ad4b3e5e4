"""The import of posts of each kind."""

from datetime import date

import pytest

from blog.importers.kinds import POST_IMPORTS
from blog.importers.posts import PostImport
from blog.importers.row import InvalidRow, Row
from blog.models import Blogmark, Entry, ImportedRow, Note, Post, Quotation
from tests.factories import set_site, utc
from tests.importers.archives import Archive

pytestmark = pytest.mark.django_db


def test_an_entry_is_imported(archive):
    archive.entry(id=7, title="Knots", slug="goodKnots", body="<p>Tie <em>this</em>.</p>")

    archive.load()

    entry = Entry.objects.get()
    assert (entry.kind, entry.number, entry.slug, entry.title) == ("entry", 7, "goodKnots", "Knots")
    assert (entry.body, entry.format) == ("<p>Tie <em>this</em>.</p>", Post.Format.HTML)
    assert "<em>this</em>" in entry.html
    assert entry.headline == "Knots"
    assert entry.get_absolute_url() == "/2024/Jun/8/goodKnots/"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Styling &lt;hr&gt;", "Styling <hr>"),
        ("Caf&eacute; &#38; bar", "Café & bar"),
        ("R&D, AT&T and a=1&copy=2", "R&D, AT&T and a=1&copy=2"),
        ("No &such; thing", "No &such; thing"),
        ("  two\n lines ", "two lines"),
    ],
)
def test_titles_of_entries_are_xhtml(archive, title, shown):
    archive.entry(title=title)

    archive.load()

    assert Entry.objects.get().title == shown


def test_a_blogmark_is_imported(archive):
    archive.blogmark(
        id=5,
        link_url="http://example.com/a b",
        link_title="The <q> element",
        via_url="http://example.org/",
        via_title="Example",
        commentary="Use *it* & <b>.",
        title="A page title",
        card_image="https://example.com/card.png",
    )

    archive.load()

    link = Blogmark.objects.get()
    assert (link.number, link.link_url, link.link_title) == (5, "http://example.com/a b", "The <q> element")
    assert (link.via_url, link.via_title) == ("http://example.org/", "Example")
    assert (link.title, link.card_image) == ("A page title", "https://example.com/card.png")
    assert (link.body, link.format) == ("Use *it* & <b>.", Post.Format.TEXT)


@pytest.mark.parametrize(("flag", "format"), [(1, Post.Format.MARKDOWN), (0, Post.Format.TEXT)])
def test_use_markdown_sets_the_format_of_a_commentary(archive, flag, format):
    archive.blogmark(commentary="So *it* is.", use_markdown=flag)

    archive.load()

    link = Blogmark.objects.get()
    assert link.format == format
    assert ("<em>it</em>" in link.html) == bool(flag)


def test_a_quotation_is_imported(archive):
    archive.quotation(
        id=3,
        quotation="To be, or *not*.",
        source="Hamlet",
        source_url="http://e.example/",
        context="in *act 3*",
    )

    archive.load()

    quotation = Quotation.objects.get()
    assert (quotation.number, quotation.source) == (3, "Hamlet")
    assert (quotation.source_url, quotation.context) == ("http://e.example/", "in *act 3*")
    assert (quotation.body, quotation.format) == ("To be, or *not*.", Post.Format.MARKDOWN)
    assert quotation.headline == "Quoting Hamlet"
    assert "<em>not</em>" in quotation.html


def test_a_note_is_imported(archive):
    archive.note(id=4, title="Rain", body="It *rains*.")

    archive.load()

    note = Note.objects.get()
    assert (note.number, note.title, note.body, note.format) == (
        4,
        "Rain",
        "It *rains*.",
        Post.Format.MARKDOWN,
    )
    assert "<em>rains</em>" in note.html


def test_a_draft_stays_a_draft(archive, client):
    archive.tag("boats")
    archive.entry(is_draft=1, slug="secret")
    archive.give_tag("entry", 1, 1)

    archive.load()

    entry = Entry.objects.get()
    assert entry.is_draft
    assert not entry.taggings.get().is_public
    assert client.get("/2024/Jun/8/secret/").status_code == 404
    assert client.get("/e/1").status_code == 404


def test_a_future_post_is_scheduled(archive, client):
    archive.entry(created="2999-06-08T09:43:00+00:00", slug="later")

    archive.load()

    assert client.get("/2999/Jun/8/later/").status_code == 404


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
@pytest.mark.parametrize(
    ("created", "day"),
    [
        ("2024-06-08T00:00:00+00:00", date(2024, 6, 8)),
        ("2024-06-08T23:59:59.999999+00:00", date(2024, 6, 8)),
        ("2024-06-08 12:00:00", date(2024, 6, 8)),
        ("2024-06-08T12:00:00Z", date(2024, 6, 8)),
        ("2024-06-08T22:00:00-07:00", date(2024, 6, 9)),
    ],
)
def test_the_day_is_in_utc_whatever_the_time_zone_of_the_site(archive, zone, created, day):
    set_site(time_zone=zone)
    archive.note(created=created)

    archive.load()

    assert Note.objects.get().day == day


def test_the_permalink_survives_an_edit_in_another_time_zone(archive):
    set_site(time_zone="America/Los_Angeles")
    archive.note(slug="early", created="2024-06-08T01:00:00+00:00")
    archive.load()

    Note.objects.get().save()

    assert Note.objects.get().get_absolute_url() == "/2024/Jun/8/early/"


def test_times_are_imported_exactly(archive):
    archive.entry(created="2002-06-12T01:44:12.123456+00:00")

    archive.load()

    entry = Entry.objects.get()
    assert entry.published == entry.updated == utc(2002, 6, 12, 1, 44).replace(second=12, microsecond=123456)


@pytest.mark.parametrize(
    ("updated", "expected"),
    [
        ("2024-07-01T10:00:00+00:00", utc(2024, 7, 1, 10)),
        ("2024-05-01T10:00:00+00:00", utc(2024, 6, 8, 9, 43)),
        (None, utc(2024, 6, 8, 9, 43)),
    ],
)
def test_a_later_time_of_update_is_imported(archive, updated, expected):
    archive.note(updated=updated)

    archive.load()

    assert Note.objects.get().updated == expected


def test_taggings_have_the_publication_time_of_their_posts(archive):
    for name in ("sea", "boats"):
        archive.tag(name)
    archive.note()
    archive.give_tag("note", 1, 1)
    archive.give_tag("note", 1, 2)

    archive.load()

    note = Note.objects.get()
    assert [tag.name for tag in note.tags.all()] == ["boats", "sea"]
    assert {tagging.published for tagging in note.taggings.all()} == {note.published}
    assert all(tagging.is_public for tagging in note.taggings.all())


def test_posts_belong_to_their_series(archive):
    archive.add("blog_series", id=9, slug="knots", title="Knots", summary="All *sorts*.")
    archive.entry(series_id=9)

    archive.load()

    series = Entry.objects.get().series
    assert (series.slug, series.title, series.summary) == ("knots", "Knots", "All *sorts*.")
    assert "<em>sorts</em>" in series.summary_html
    assert series.created == utc(2024, 1, 1, 0)


def test_a_post_in_a_missing_series_is_imported_without_it(archive):
    archive.entry(series_id=9)

    report = archive.load()

    assert Entry.objects.get().series is None
    assert "blog_entry 1 belongs to blog_series 9, which was not imported" in str(report)


def test_feed_ids_are_derived_from_the_rows(archive):
    archive.entry(id=1)
    archive.entry(id=2)
    archive.note(id=1)
    archive.load()
    ids = set(Post.objects.values_list("uuid", flat=True))
    Post.objects.all().delete()
    ImportedRow.objects.all().delete()

    archive.load()

    assert len(ids) == 3
    assert set(Post.objects.values_list("uuid", flat=True)) == ids


def test_another_archive_with_the_same_row_ids_gets_other_feed_ids(archive, tmp_path):
    archive.entry(id=1)
    archive.load()
    first = Post.objects.get().uuid
    Post.objects.all().delete()
    ImportedRow.objects.all().delete()
    another = Archive(tmp_path / "another")
    another.entry(id=1, created="2024-06-09T09:43:00+00:00")

    another.load()

    assert Post.objects.get().uuid != first


def test_columns_that_are_not_imported_are_counted(archive):
    archive.entry(id=1, tweet_html="<p>A tweet</p>", extra_head_html="<style>", metadata='{"a": 1}')
    archive.entry(id=2, tweet_html="<p>A tweet</p>", live_timezone="", metadata={})
    archive.note(mood="fine", is_pinned=0)

    report = archive.load()

    assert report.unread_columns == {
        ("blog_entry", "tweet_html"): 2,
        ("blog_entry", "extra_head_html"): 1,
        ("blog_entry", "metadata"): 1,
        ("blog_note", "mood"): 1,
    }
    assert "blog_entry.tweet_html in 2 rows" in str(report)


def test_unknown_tables_are_reported(archive):
    archive.entry()
    for n in range(1200):
        archive.add("blog_beat", id=n)
    archive.add("guides_guide", id=1)

    report = archive.load()

    assert "blog_beat, 1,200 rows: this weblog has no place for its rows" in str(report)
    assert "guides_guide, 1 row: this weblog has no place for its rows" in str(report)


def test_taggings_without_their_posts_are_reported(archive):
    archive.tag("boats")
    archive.entry()
    archive.give_tag("entry", 1, 1)
    archive.give_tag("note", 1, 1)

    report = archive.load()

    assert "blog_note_tags, 1 row: there is no blog_note in the archive" in str(report)
    assert Entry.objects.get().tags.count() == 1


def test_every_kind_of_post_has_an_importer():
    assert [cls.model for cls in POST_IMPORTS] == list(Post.kinds().values())


def default_import(kind):
    """The importer that a kind has without a class of its own, which needs no run to read a row."""
    return object.__new__(type("DefaultImport", (PostImport,), {"model": kind}))


def test_by_default_fields_come_from_the_columns_of_their_names():
    row = Row(1, {"id": 1, "title": "To be", "body": "Or *not*.", "source": " A\n B ", "context": None})
    row.values["source_url"] = "javascript:alert(1)"

    fields = default_import(Quotation).own_fields(row, "slug")

    assert fields == {
        "title": "To be",
        "body": "Or *not*.",
        "source": "A B",
        "source_url": "",
        "context": "",
        "format": Post.Format.MARKDOWN,
    }


def test_by_default_a_required_field_must_have_a_value():
    with pytest.raises(InvalidRow, match="has no source"):
        default_import(Quotation).own_fields(Row(1, {"id": 1, "body": "Words."}), "slug")


@pytest.mark.parametrize("table", ["blog_entry", "blog_tag", "redirects_redirect"])
def test_a_single_table_can_be_imported(archive, table):
    archive.add(table)

    report = archive.load()

    assert report.tables == {table: {"created": 1}}
