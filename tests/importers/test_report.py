"""The report at the end of an import."""

from blog.importers.report import Report


def test_each_table_has_its_figures():
    report = Report()
    report.begin("blog_series")
    report.begin("blog_entry")
    report.count("blog_entry", "created", 1200)
    report.count("blog_entry", "unchanged")

    lines = str(report).splitlines()

    assert [line.split() for line in lines[:3]] == [
        ["created", "changed", "unchanged", "skipped"],
        ["blog_series", "0", "0", "0", "0"],
        ["blog_entry", "1,200", "0", "1", "0"],
    ]
    assert len({len(line) for line in lines[:3]}) == 1
    assert lines[-1] == "Done. No row was skipped."


def test_rows_skipped_for_the_same_reason_share_a_line():
    report = Report()
    report.begin("blog_note")
    report.begin("blog_entry")
    for name in ("3", "line 9"):
        report.skip("blog_note", name, "is not JSON")
    report.skip("blog_entry", "3", "is not JSON")

    assert "Skipped:\n  blog_note 3, line 9: is not JSON\n  blog_entry 3: is not JSON\n" in str(report)
    assert str(report).endswith("3 rows were skipped, for the reasons above; all others were imported.")


def test_one_skipped_row_is_reported_in_the_singular():
    report = Report()
    report.begin("blog_note")
    report.skip("blog_note", "3", "is not JSON")

    assert str(report).endswith("1 row was skipped, for the reason above; all others were imported.")


def test_unnamed_rows_are_counted():
    report = Report()
    report.begin("blog_note_tags")
    report.skip_many("blog_note_tags", 1, "belong to a post that was skipped")
    report.skip_many("blog_note_tags", 2, "belong to a post that was skipped")
    report.skip_many("blog_note_tags", 0, "are about nothing")

    assert "blog_note_tags, 3 rows: belong to a post that was skipped" in str(report)
    assert "nothing" not in str(report)


def test_empty_sections_are_left_out():
    report = Report()
    report.begin("blog_note")

    assert ":" not in str(report)
