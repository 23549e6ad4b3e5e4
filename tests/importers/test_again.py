"""Importing again leaves unchanged rows alone, and keeps what the author did on this site."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import (
    Entry,
    FormerPermalink,
    ImportedRow,
    LinkedHost,
    LinkedUrl,
    Note,
    Post,
    PreviousTagName,
    Redirect,
    Series,
    Tag,
    Tagging,
)
from tests.importers.states import everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(archive):
    """An archive with rows of every table, already imported."""
    archive.tag("boats", description="They *float*.")
    archive.tag("sea")
    archive.tag("c++")
    archive.add("blog_previoustagname")
    archive.add("blog_series")
    archive.entry(id=1, slug="x", series_id=1)
    archive.entry(id=2, slug="x")
    archive.blogmark(via_url="javascript:", use_markdown=1)
    archive.quotation(context="in *May*")
    archive.note(slug="")
    archive.note(is_draft=1)
    for kind in ("entry", "blogmark", "quotation", "note"):
        archive.give_tag(kind, 1, 1)
        archive.give_tag(kind, 1, 2)
    archive.add("redirects_redirect", path="a")
    archive.add("redirects_redirect", path="b")
    archive.load()
    return archive


def verbs(report):
    return {verb for counts in report.tables.values() for verb in counts}


def test_importing_again_changes_nothing(full):
    before = everything()

    report = full.load()

    assert verbs(report) == {"unchanged"}
    assert report.notes == []
    assert everything() == before


def test_importing_again_writes_nothing(full):
    with CaptureQueriesContext(connection) as queries:
        full.load()

    writing = ("INSERT", "UPDATE", "DELETE")
    assert not [query["sql"] for query in queries if query["sql"].startswith(writing)]


def test_new_rows_are_added(full):
    full.entry(id=3, slug="y")
    full.give_tag("entry", 3, 2)

    report = full.load()

    assert report.tables["blog_entry"] == {"created": 1, "unchanged": 2}
    assert report.tables["blog_entry_tags"] == {"created": 1, "unchanged": 2}


def test_missing_rows_delete_nothing(full):
    del full.rows["blog_note"], full.rows["blog_entry"][1:]
    for kind in ("blog_note", "blog_note_tags"):
        (full.folder / f"{kind}.ndjson").unlink(missing_ok=True)
        (full.folder / f"{kind}.metadata.json").unlink(missing_ok=True)

    full.load()

    assert Post.objects.count() == 6


def test_posts_keep_their_tags_if_the_table_of_tags_is_missing(full):
    del full.rows["blog_entry_tags"]
    for ending in ("ndjson", "metadata.json"):
        (full.folder / f"blog_entry_tags.{ending}").unlink()

    full.load()

    assert Entry.objects.get(number=1).tags.count() == 2


class TestAChangedRow:
    def test_its_post_changes(self, full):
        full.rows["blog_entry"][0] |= {"body": "<p>Other words.</p>", "title": "Another"}
        before = Entry.objects.get(number=1)

        report = full.load()

        after = Entry.objects.get(number=1)
        assert report.tables["blog_entry"] == {"changed": 1, "unchanged": 1}
        assert (after.body, after.headline) == ("<p>Other words.</p>", "Another")
        assert "Other words." in after.html
        assert (after.uuid, after.pk, after.updated) == (before.uuid, before.pk, before.updated)

    def test_it_changes_once(self, full):
        full.rows["blog_entry"][0] |= {"title": "Another"}
        full.load()

        report = full.load()

        assert verbs(report) == {"unchanged"}

    def test_its_former_permalink_redirects(self, full, client):
        full.rows["blog_blogmark"][0] |= {"slug": "moved"}

        full.load()

        assert client.get("/2024/Jun/8/blogmark-1/").url == "/2024/Jun/8/moved/"

    def test_its_day_is_that_of_utc(self, full):
        full.rows["blog_note"][0] |= {"created": "2024-06-09T23:30:00-07:00"}

        full.load()

        assert f"{Note.objects.get(number=1).day}" == "2024-06-10"

    def test_its_tags_change(self, full):
        full.rows["blog_entry_tags"][0] |= {"tag_id": 3}

        report = full.load()

        assert {tag.name for tag in Entry.objects.get(number=1).tags.all()} == {"sea", "c++"}
        assert report.tables["blog_entry_tags"] == {"created": 1, "unchanged": 1}
        assert report.tables["blog_entry"] == {"changed": 1, "unchanged": 1}

    def test_publishing_it_publishes_its_taggings(self, full):
        full.give_tag("note", 2, 1)
        full.load()
        full.rows["blog_note"][1] |= {"is_draft": 0}

        full.load()

        assert not Tagging.objects.filter(is_public=False).exists()
        assert Tag.objects.get(name="boats").uses == 5

    def test_it_frees_its_permalink_for_a_new_row(self, full):
        full.rows["blog_entry"][0] |= {"slug": "y", "title": "Moved"}
        full.note(id=3, slug="x", created="2024-06-08T07:00:00+00:00")

        full.load()

        assert Note.objects.get(number=3).get_absolute_url() == "/2024/Jun/8/x/"

    def test_it_does_not_take_the_permalink_of_another(self, full):
        full.rows["blog_entry"][1] |= {"body": "<p>Other words.</p>"}

        full.load()

        assert dict(Entry.objects.values_list("number", "slug")) == {1: "x", 2: "x-2"}

    def test_a_generated_slug_stays(self, full):
        slug = Note.objects.get(number=1).slug
        full.rows["blog_note"][0] |= {"body": "Quite different words."}

        full.load()

        assert Note.objects.get(number=1).slug == slug

    def test_an_edit_by_the_author_stays(self, full):
        mine = Entry.objects.get(number=1)
        mine.body = "<p>Mine.</p>"
        mine.save()
        full.rows["blog_entry"][0] |= {"body": "<p>Theirs.</p>"}

        report = full.load()

        assert Entry.objects.get(number=1).body == "<p>Mine.</p>"
        assert "blog_entry 1: was edited on this site after it was imported" in str(report)
        assert report.tables["blog_entry_tags"] == {"skipped": 2}

    def test_setting_an_author_counts_as_an_edit(self, full, django_user_model):
        Entry.objects.update(author=django_user_model.objects.create_user("guest"))
        full.rows["blog_entry"][0] |= {"title": "Theirs"}

        report = full.load()

        assert Entry.objects.get(number=1).title == "A title"
        assert report.tables["blog_entry"] == {"skipped": 1, "unchanged": 1}

    def test_adding_a_tag_counts_as_an_edit(self, full):
        Entry.objects.get(number=1).tags.add("mine")
        full.rows["blog_entry"][0] |= {"title": "Theirs"}

        full.load()

        assert Entry.objects.get(number=1).title == "A title"
        assert Entry.objects.get(number=1).tags.count() == 3

    def test_rendering_again_is_not_an_edit(self, full):
        Entry.objects.get(number=1).save()
        full.rows["blog_entry"][0] |= {"title": "Theirs"}

        full.load()

        assert Entry.objects.get(number=1).title == "Theirs"

    def test_a_row_that_became_invalid_leaves_its_post_alone(self, full):
        full.rows["blog_entry"][0] |= {"created": "never"}

        report = full.load()

        assert Entry.objects.get(number=1).title == "A title"
        assert "blog_entry 1: has no valid time in created: “never”" in str(report)


class TestChangesByTheAuthor:
    def test_an_edit_stays_while_the_row_does_not_change(self, full):
        mine = Entry.objects.get(number=1)
        mine.title = "Mine"
        mine.save()

        report = full.load()

        assert Entry.objects.get(number=1).title == "Mine"
        assert verbs(report) == {"unchanged"}

    @pytest.mark.parametrize("values", [{}, {"title": "Another"}])
    def test_a_deleted_post_stays_deleted(self, full, client, values):
        Entry.objects.get(number=1).delete()
        full.rows["blog_entry"][0] |= values

        report = full.load()

        assert client.get("/2024/Jun/8/x/").status_code == 410
        assert "blog_entry 1: was deleted on this site after it was imported" in str(report)
        assert report.tables["blog_entry"] == {"unchanged": 1, "skipped": 1}

    def test_a_deleted_tag_stays_deleted(self, full):
        Tag.objects.get(name="boats").delete()
        full.entry(id=3)
        full.give_tag("entry", 3, 1)

        report = full.load()

        assert not Tag.objects.filter(name="boats").exists()
        assert "blog_tag 1: was deleted on this site after it was imported" in str(report)
        assert "blog_entry_tags, 2 rows: refer to a tag that does not exist on this site" in str(report)

    def test_a_deleted_redirect_stays_deleted(self, full):
        Redirect.objects.filter(path="a").delete()

        full.load()

        assert not Redirect.objects.filter(path="a").exists()

    def test_a_renamed_tag_keeps_its_new_name_and_its_posts(self, full):
        tag = Tag.objects.get(name="boats")
        tag.name = tag.slug = "ships"
        tag.save()
        full.entry(id=3)
        full.give_tag("entry", 3, 1)

        full.load()

        assert Entry.objects.get(number=3).tags.get().name == "ships"
        assert not Tag.objects.filter(name="boats").exists()


class TestOtherChangedRows:
    def test_a_description(self, full):
        full.rows["blog_tag"][0] |= {"description": "They *sink*."}

        report = full.load()

        assert "<em>sink</em>" in Tag.objects.get(name="boats").description_html
        assert report.tables["blog_tag"] == {"changed": 1, "unchanged": 2}

    def test_a_description_edited_by_the_author_stays(self, full):
        tag = Tag.objects.get(name="boats")
        tag.description = "Mine."
        tag.save()
        full.rows["blog_tag"][0] |= {"description": "Theirs."}

        report = full.load()

        assert Tag.objects.get(name="boats").description == "Mine."
        assert "blog_tag 1: was edited on this site after it was imported" in str(report)

    def test_new_posts_get_tags_and_series_edited_by_the_author(self, full):
        Tag.objects.filter(name="boats").update(description="Mine.")
        Series.objects.update(summary="Mine.")
        full.rows["blog_tag"][0] |= {"description": "Theirs."}
        full.rows["blog_series"][0] |= {"summary": "Theirs."}
        full.entry(id=3, series_id=1)
        full.give_tag("entry", 3, 1)

        report = full.load()

        entry = Entry.objects.get(number=3)
        assert (entry.tags.get().name, entry.series.slug) == ("boats", "at-sea")
        assert report.tables["blog_tag"] == {"unchanged": 2, "skipped": 1}

    def test_the_name_of_a_tag(self, full, client):
        full.rows["blog_tag"][1] |= {"tag": "ocean"}

        full.load()

        assert Tag.objects.count() == 3
        assert Entry.objects.get(number=1).tags.filter(name="ocean").exists()
        assert client.get("/tags/sea/").url == "/tags/ocean/"
        assert PreviousTagName.objects.filter(name="sea").exists()

    def test_a_tag_cannot_take_the_name_of_another(self, full):
        full.rows["blog_tag"][1] |= {"tag": "boats"}

        report = full.load()

        assert Tag.objects.filter(name="sea").exists()
        assert "blog_tag 2: is now called “boats”, the name of another tag on this site" in str(report)

    def test_a_previous_name_can_move_to_another_tag(self, full):
        full.rows["blog_previoustagname"][0] |= {"tag_id": 2}

        full.load()

        assert PreviousTagName.objects.get(name="ships").tag.name == "sea"

    def test_a_series(self, full):
        full.rows["blog_series"][0] |= {"title": "On land", "slug": "on-land"}

        full.load()

        assert (Series.objects.get().title, Series.objects.get().slug) == ("On land", "on-land")

    def test_a_redirect(self, full):
        full.rows["redirects_redirect"][0] |= {"target": "/elsewhere/"}

        full.load()

        assert Redirect.objects.get(path="a").target == "/elsewhere/"


def test_every_row_is_recorded(full):
    assert ImportedRow.objects.count() == 3 + 1 + 1 + 6 + 2
    assert not FormerPermalink.objects.exists()


class TestDerivedRows:
    """Search documents, links and tag counts equal those that saving each post would write."""

    def derived_rows(self):
        state = everything()
        return {name: state[name] for name in ("SearchDocument", "Tag", "Tagging", "Word", "Trigram")} | {
            "LinkedHost": sorted(LinkedHost.objects.values_list("post", "host", "is_via", "is_public")),
            "LinkedUrl": sorted(LinkedUrl.objects.values_list("post", "url_key")),
        }

    def save_all(self):
        for post in Post.objects.order_by("pk"):
            post.as_kind().save()
        for tag in Tag.objects.all():
            tag.save()

    def test_after_an_import(self, full):
        imported = self.derived_rows()

        self.save_all()

        assert Tag.objects.recompute_counts() == []
        assert self.derived_rows() == imported
        assert LinkedHost.objects.exists()

    def test_after_an_import_of_changes(self, full):
        full.rows["blog_entry"][0] |= {"created": "2023-01-01T00:00:00+00:00", "body": "<p>Anew.</p>"}
        full.rows["blog_tag"][1] |= {"tag": "ocean"}
        full.rows["blog_note_tags"][0] |= {"tag_id": 3}
        full.rows["blog_blogmark"][0] |= {"is_draft": 1, "link_url": "https://other.example/"}
        full.load()
        imported = self.derived_rows()

        self.save_all()

        assert Tag.objects.recompute_counts() == []
        assert self.derived_rows() == imported
