"""The import of tags, their previous names, and series."""

import pytest

from blog.models import Entry, PreviousTagName, Series, SiteState, Tag
from tests.factories import make_entry, make_series, make_tag

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["boats", "DIY", "3d-printing", "snake_case", "Über", "a--b-", "_"])
def test_a_tag_page_is_at_its_name(archive, client, name):
    archive.tag(name)
    archive.entry()
    archive.give_tag("entry", 1, 1)

    archive.load()

    assert Tag.objects.get().name == name
    assert client.get(f"/tags/{name}/").status_code == 200


def test_tags_that_differ_in_case_stay_separate(archive, client):
    for name in ("diy", "DIY"):
        archive.tag(name)
    archive.entry(id=1, title="Small")
    archive.entry(id=2, title="Large")
    archive.give_tag("entry", 1, 1)
    archive.give_tag("entry", 2, 2)

    archive.load()

    assert "Small" in client.get("/tags/diy/").text
    assert "Large" in client.get("/tags/DIY/").text
    assert "Small" not in client.get("/tags/DIY/").text


@pytest.mark.parametrize(
    ("name", "path"), [("c++", "/tags/c-plus-plus/"), ("web 2.0", "/tags/web-20/"), ("***", "/tags/tag/")]
)
def test_a_tag_whose_name_is_not_a_slug_gets_one(archive, name, path):
    archive.tag(name)

    report = archive.load()

    assert Tag.objects.get().name == name
    assert Tag.objects.get().get_absolute_url() == path
    assert f"blog_tag 1 has no name that works as a URL; it is at {path}" in str(report)


def test_two_names_with_the_same_slug_get_different_ones(archive):
    archive.tag("c++")
    archive.tag("c-plus-plus")
    archive.tag("C ++")

    report = archive.load()

    assert dict(Tag.objects.values_list("name", "slug")) == {
        "c++": "c-plus-plus-2",
        "c-plus-plus": "c-plus-plus",
        "C ++": "c-plus-plus-3",
    }
    assert len(report.notes) == 2


def test_two_rows_of_the_same_name_become_one_tag(archive):
    archive.tag("boats", id=1)
    archive.tag("boats", id=2, description="They float.")
    archive.entry()
    archive.give_tag("entry", 1, 2)

    report = archive.load()

    tag = Tag.objects.get()
    assert tag.description == "They float."
    assert "They float." in tag.description_html
    assert Entry.objects.get().tags.get() == tag
    assert report.tables["blog_tag"] == {"created": 1, "unchanged": 1}


def test_descriptions_are_markdown(archive):
    archive.tag("boats", description="They *float*.")

    archive.load()

    assert "<em>float</em>" in Tag.objects.get().description_html


class TestTagsThatAreHereAlready:
    def test_an_existing_tag_is_used(self, archive):
        mine = make_tag("boats", slug="boats")
        archive.tag("boats")
        archive.entry()
        archive.give_tag("entry", 1, 1)

        report = archive.load()

        assert Entry.objects.get().tags.get() == mine
        assert report.tables["blog_tag"] == {"unchanged": 1}

    def test_an_existing_description_stays(self, archive):
        make_tag("boats", description="Mine.")
        archive.tag("boats", description="Theirs.")

        archive.load()

        assert Tag.objects.get().description == "Mine."

    def test_a_missing_description_is_added(self, archive):
        make_tag("boats")
        archive.tag("boats", description="Theirs.")

        report = archive.load()

        assert Tag.objects.get().description == "Theirs."
        assert report.tables["blog_tag"] == {"changed": 1}

    def test_an_existing_tag_may_have_another_slug(self, archive, client):
        make_tag("boats", slug="ships")
        archive.tag("boats")
        archive.entry()
        archive.give_tag("entry", 1, 1)

        archive.load()

        assert client.get("/tags/boats/").url == "/tags/ships/"


class TestPreviousNames:
    def test_a_previous_name_redirects_to_the_tag(self, archive, client):
        archive.tag("boats")
        archive.add("blog_previoustagname", previous_name="ships", tag_id=1)
        archive.entry()
        archive.give_tag("entry", 1, 1)

        archive.load()

        assert client.get("/tags/ships/").url == "/tags/boats/"

    @pytest.mark.parametrize("tag", [1, 2])
    def test_a_current_tag_of_the_same_name_wins(self, archive, client, tag):
        archive.tag("boats")
        archive.tag("ships")
        archive.add("blog_previoustagname", previous_name="boats", tag_id=tag)
        archive.entry()
        archive.give_tag("entry", 1, 1)

        report = archive.load()

        assert client.get("/tags/boats/").status_code == 200
        assert "blog_previoustagname 1: is the name of a current tag" in str(report)

    def test_a_previous_name_of_a_missing_tag_is_skipped(self, archive):
        archive.tag("boats")
        archive.add("blog_previoustagname", previous_name="ships", tag_id=2)

        report = archive.load()

        assert not PreviousTagName.objects.exists()
        assert "blog_previoustagname 1: refers to blog_tag 2, which was not imported" in str(report)

    def test_an_existing_previous_name_stays(self, archive):
        PreviousTagName.objects.create(name="ships", tag=make_tag("rafts"))
        archive.tag("boats")
        archive.add("blog_previoustagname", previous_name="ships", tag_id=1)

        archive.load()

        assert PreviousTagName.objects.get().tag.name == "rafts"


class TestSeries:
    def test_an_existing_series_with_the_same_slug_is_used(self, archive):
        mine = make_series(slug="at-sea", title="Mine")
        archive.add("blog_series", slug="at-sea", summary="Theirs.")
        archive.entry(series_id=1)

        archive.load()

        assert Entry.objects.get().series == mine
        assert (Series.objects.get().title, Series.objects.get().summary) == ("Mine", "Theirs.")

    def test_a_slug_that_no_address_can_hold(self, archive, client):
        archive.add("blog_series", slug="at/sea", title="At sea")
        archive.entry(series_id=1)

        archive.load()

        assert client.get("/series/at-sea/").status_code == 200

    def test_a_series_without_a_title_is_named_after_its_slug(self, archive):
        archive.add("blog_series", id=1, slug="at-sea", title="")
        archive.add("blog_series", id=2, slug="", title="")

        report = archive.load()

        assert Series.objects.get().title == "at-sea"
        assert "blog_series 2: has no title" in str(report)


def test_tags_of_posts_that_are_not_imported_are_left_alone(archive):
    make_entry(tags=["boats"])
    archive.tag("boats")

    archive.load()

    assert Entry.objects.get().tags.get().name == "boats"


def test_the_current_tags_are_those_of_the_newest_posts(archive, monkeypatch):
    monkeypatch.setattr("blog.models.tags.RECENT_POSTS", 2)
    monkeypatch.setattr("blog.importers.table.BATCH", 1)
    monkeypatch.setattr("blog.models.tags.MAX_CURRENT_TAGS", 1)
    for number, (name, created) in enumerate(
        [("old", "2002-06-08"), ("new", "2024-06-08"), ("newer", "2024-06-09")], 1
    ):
        archive.tag(name, id=number)
        archive.entry(id=number, created=f"{created}T12:00:00+00:00")
        archive.give_tag("entry", number, number)

    archive.load()

    assert SiteState.load().current_tags != [["old", "old"]]
