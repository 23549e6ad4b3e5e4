"""An invalid row is reported by table and id, and does not affect others."""

import pytest

from blog.importers.posts import PostImport
from blog.models import Blogmark, Entry, Note, Post, Quotation, Tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def between(archive):
    """Load an archive with an invalid row between two valid ones. Returns the reason reported."""

    def load(table="blog_entry", **values):
        archive.add(table, id=1, slug="before")
        bad = archive.add(table, **{"id": 2, "slug": "bad", **values})
        archive.add(table, id=3, slug="after")
        report = archive.load()

        assert set(Post.objects.values_list("slug", flat=True)) == {"before", "after"}
        assert report.tables[table] == {"created": 2, "skipped": 1}
        ((_, reason),) = report.reasons
        assert f"{table} {bad['id']}: {reason}" in str(report)
        return reason

    return load


@pytest.mark.parametrize(
    "created", ["yesterday", "2024-13-01T00:00:00+00:00", "0000-00-00", "0001-01-01T00:00:00"]
)
def test_an_invalid_time_is_rejected(between, created):
    assert between(created=created) == f"has no valid time in created: “{created}”"


@pytest.mark.parametrize("created", [None, ""])
def test_a_missing_time_is_rejected(between, created):
    assert between(created=created) == "has no time in created"


@pytest.mark.parametrize("value", [["a list"], {"an": "object"}, True])
def test_a_value_that_is_not_text_is_rejected(between, value):
    assert between(body=value) == "has a value in body that is not text"


@pytest.mark.parametrize("value", ["perhaps", 2, [], -1])
def test_an_invalid_flag_is_rejected(between, value):
    assert between(is_draft=value) == "has neither true nor false in is_draft"


def test_a_title_that_is_too_long_is_rejected(between):
    assert between(title="word " * 101) == "has 504 characters in title; the limit is 500"


def test_a_title_as_long_as_the_limit_is_loaded(archive):
    archive.entry(title="a" * 500)

    archive.load()

    assert Entry.objects.get().title == "a" * 500


def test_a_url_that_is_too_long_is_rejected(between):
    said = between("blog_blogmark", link_url="https://example.com/" + "a" * 2000)

    assert said == "has 2020 characters in link_url; the limit is 2000"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " \x01javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "gopher://example.com/",
    ],
)
def test_a_link_with_an_unsafe_scheme_is_rejected(between, url):
    assert between("blog_blogmark", link_url=url).endswith("URL in link_url, which cannot be linked to")


def test_a_link_without_a_url_is_rejected(between):
    assert between("blog_blogmark", link_url=None) == "has no link_url"


@pytest.mark.parametrize("identity", [None, 0, -1, 1.5, "x", True, 2**31, [2]])
def test_an_invalid_id_is_rejected(archive, identity):
    archive.entry(id=identity)
    archive.entry(id=2)

    report = archive.load()

    assert Entry.objects.get().number == 2
    assert "blog_entry line 1: has no id between 1 and 2147483647" in str(report)


def test_a_duplicate_id_is_rejected(archive):
    archive.entry(id=1, title="First")
    archive.entry(id="1", title="Second", slug="second")

    report = archive.load()

    assert Entry.objects.get().title == "First"
    assert "blog_entry 1: has the id of an earlier row" in str(report)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{}", "is not a JSON array"),
        ("null", "is not a JSON array"),
        ("[1, 2", "is not JSON"),
        ("[1]", "has 1 values for 14 columns"),
        (b'["\xff"]', "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[" + "9" * 5000 + "]", "is not JSON"),
    ],
)
def test_an_invalid_line_is_skipped(archive, line, reason):
    archive.entry()
    archive.note()
    archive.write()
    archive.add_line("blog_entry", line)

    report = archive.load(write=False)

    assert (Entry.objects.count(), Note.objects.count()) == (1, 1)
    assert f"blog_entry line 2: {reason}" in str(report)


def test_an_invalid_first_line_is_skipped(archive):
    archive.entry()
    rows = archive.write() / "blog_entry.ndjson"
    rows.write_text("nonsense\n" + rows.read_text())

    report = archive.load(write=False)

    assert Entry.objects.exists()
    assert "blog_entry line 1: is not JSON" in str(report)


def test_blank_lines_and_a_byte_order_mark_are_ignored(archive):
    archive.entry()
    rows = archive.write() / "blog_entry.ndjson"
    rows.write_bytes(b"\xef\xbb\xbf\r\n" + rows.read_bytes() + b"\n\n  \n")

    report = archive.load(write=False)

    assert report.tables["blog_entry"] == {"created": 1}


def test_a_text_that_cannot_be_rendered_is_skipped(archive, monkeypatch):
    render = Entry.render

    def fail(self, options):
        if "brittle" in self.body:
            raise RecursionError("too deep")
        render(self, options)

    monkeypatch.setattr(Entry, "render", fail)
    archive.entry(id=1, body="<p>Firm.</p>")
    archive.entry(id=2, body="<p>A brittle one.</p>")
    archive.entry(id=3, body="<p>Firm.</p>")

    report = archive.load()

    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == [1, 3]
    assert "blog_entry 2: has a text that cannot be rendered (RecursionError: too deep)" in str(report)


def test_a_value_refused_by_the_database_is_skipped(archive, monkeypatch):
    number = PostImport.build

    def misnumber(self, wanted):
        post = number(self, wanted)
        post.number = -1 if wanted.row == 2 else post.number
        return post

    monkeypatch.setattr(PostImport, "build", misnumber)
    for n in range(1, 4):
        archive.entry(id=n)

    report = archive.load()

    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == [1, 3]
    assert report.tables["blog_entry"] == {"created": 2, "skipped": 1}
    assert "blog_entry 2: was refused by the database: " in str(report)


class TestOddButLoadable:
    def test_null_is_an_empty_text(self, archive):
        archive.entry(body=None)
        archive.blogmark(commentary=None, title=None, metadata=None)
        archive.quotation(quotation=None, source_url=None)
        archive.note(body=None, title=None)

        report = archive.load()

        assert Post.objects.count() == 4
        assert report.skipped == 0

    def test_a_number_can_be_a_text(self, archive):
        archive.entry(title=1984)

        archive.load()

        assert Entry.objects.get().title == "1984"

    def test_an_id_can_be_a_text(self, archive):
        archive.tag("boats", id="7")
        archive.entry(id="12")
        archive.give_tag("entry", "12", "7")

        archive.load()

        assert Entry.objects.get().number == 12
        assert Entry.objects.get().tags.get().name == "boats"

    @pytest.mark.parametrize("value", [1, True, "1", "true", "T"])
    def test_every_form_of_true(self, archive, value):
        archive.entry(is_draft=value)

        archive.load()

        assert Entry.objects.get().is_draft

    @pytest.mark.parametrize("value", [0, False, "0", "false", "f", None, ""])
    def test_every_form_of_false(self, archive, value):
        archive.entry(is_draft=value)

        archive.load()

        assert not Entry.objects.get().is_draft

    def test_optional_columns_may_be_missing(self, archive):
        for table in ("blog_entry", "blog_note"):
            archive.columns[table] = ["id", "created"]
            archive.add(table)
        archive.columns["blog_blogmark"] = ["id", "created", "link_url"]
        archive.blogmark()
        archive.columns["blog_quotation"] = ["created", "quotation", "id"]
        archive.quotation()

        report = archive.load()

        assert Post.objects.count() == 4
        assert report.skipped == 0

    def test_control_characters_are_removed_and_reported(self, archive):
        archive.note(body="A bell\x07, nothing\x00,\ta tab,\r\na line", title="No\x1fisy")

        report = archive.load()

        assert Note.objects.get().body == "A bell, nothing,\ta tab,\r\na line"
        assert Note.objects.get().title == "Noisy"
        assert "blog_note 1 had control characters in body, which were removed" in str(report)

    def test_half_a_surrogate_pair_becomes_a_replacement_character(self, archive):
        archive.note(body="Half \ud83d a boat, and \U0001f6a3")

        archive.load()

        assert Note.objects.get().body == "Half \ufffd a boat, and \U0001f6a3"

    @pytest.mark.parametrize(
        "url",
        [
            "http://example.com/a b",
            "http://example.com/search?q=%zz&lang=[en]",
            "http://user:secret@example.com:81/",
            "http://[::1/",
            "ftp://ftp.example.com/pub/",
            "mailto:somebody@example.com",
            "//example.com/",
            "/2003/page.html",
            "page.html",
            "HTTP://EXAMPLE.COM/",
        ],
    )
    def test_an_odd_url_is_not_changed(self, archive, url):
        archive.blogmark(link_url=url)

        report = archive.load()

        assert Blogmark.objects.get().link_url == url
        assert report.skipped == 0

    @pytest.mark.parametrize("column", ["via_url", "card_image"])
    def test_an_unsafe_optional_url_is_left_out(self, archive, column):
        archive.blogmark(**{column: "javascript:alert(1)"})

        report = archive.load()

        assert getattr(Blogmark.objects.get(), column) == ""
        expected = (
            f"blog_blogmark 1 has a javascript: URL in {column}, which cannot be linked to; it was left out"
        )
        assert expected in str(report)

    def test_posts_without_a_title_or_source_get_one(self, archive):
        archive.entry(title="", slug="by-the-sea")
        archive.blogmark(link_title=None)
        archive.quotation(source="")

        report = archive.load()

        assert Entry.objects.get().title == "by-the-sea"
        assert Blogmark.objects.get().link_title == "https://example.com/page"
        assert Quotation.objects.get().source == "Unknown"
        assert len(report.notes) == 3

    def test_an_invalid_time_of_update_is_replaced_by_that_of_publication(self, archive):
        archive.entry(updated="later")

        report = archive.load()

        assert Entry.objects.get().updated == Entry.objects.get().published
        assert "blog_entry 1 has no valid time in updated: “later”" in str(report)


def test_invalid_tags_and_taggings_are_skipped(archive):
    archive.tag("boats", id=1)
    archive.tag("", id=2)
    archive.tag("a" * 101, id=3)
    archive.entry()
    archive.give_tag("entry", 1, 1)
    archive.give_tag("entry", 1, 2, id=8)
    archive.give_tag("entry", 1, 99, id=9)
    archive.give_tag("entry", 99, 1, id=10)
    archive.give_tag("entry", 1, 1, id=11)
    archive.give_tag("entry", None, 1, id=12)

    report = archive.load()

    assert Tag.objects.get().name == "boats"
    assert Entry.objects.get().tags.count() == 1
    assert report.tables["blog_entry_tags"] == {"created": 1, "skipped": 5}
    for line in (
        "blog_tag 2: has no name",
        "blog_tag 3: has 101 characters in name; the limit is 100",
        "blog_entry_tags 8: refers to blog_tag 2, which was not imported",
        "blog_entry_tags 9: refers to blog_tag 99, which was not imported",
        "blog_entry_tags 10: refers to blog_entry 99, which was not imported",
        "blog_entry_tags 11: repeats an earlier row",
    ):
        assert line in str(report)
