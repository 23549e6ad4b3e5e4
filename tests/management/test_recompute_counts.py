"""`recompute_counts` compares the stored counts with the posts and corrects them."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Post, SiteSettings, SiteState, Tag, Tagging
from tests.factories import make_note, utc
from tests.helpers.tagging import assert_counts_match, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys):
    def run(*arguments):
        try:
            call_command("recompute_counts", *arguments)
        finally:
            run.printed = capsys.readouterr().out.splitlines()
        return run.printed

    return run


@pytest.fixture
def _wrong():
    make_note(tags=["ant", "bee"], published=utc(2020, 1, 1))
    make_note(tags=["cat"], is_draft=True, published=utc(2020, 1, 1))
    Tag.objects.filter(name="ant").update(uses=7, counts_by_year={"2020": 7})
    Post.objects.filter(is_draft=True).update(is_counted=True)
    SiteState.objects.update(counts_by_year={"2019": {"note": 1}, "2020": {"note": 1}})
    Tagging.objects.filter(tag__name="bee").update(published=None, is_public=False)


def test_it_reports_no_difference_if_all_counts_are_right(run):
    make_note(tags=["ant", "bee"])

    assert run() == run("--check") == ["2 tags counted."]


@pytest.mark.usefixtures("_wrong")
def test_it_corrects_wrong_counts_and_reports_them(run):
    printed = run()

    assert printed[0] == "1 counted posts are not public"
    assert "ant: stored {'2020': 7}, computed {'2020': 1}" in printed
    assert_counts_match()
    assert run("--check") == ["3 tags counted."]


@pytest.mark.usefixtures("_wrong")
def test_check_reports_wrong_counts_without_correcting_them(run):
    before = rows_of(Tag, Tagging, Post, SiteSettings)

    with pytest.raises(CommandError) as failure:
        run("--check")

    assert failure.value.returncode == 1
    assert "ant: stored {'2020': 7}, computed {'2020': 1}" in run.printed
    assert rows_of(Tag, Tagging, Post, SiteSettings) == before


@pytest.mark.parametrize("check_only", [True, False])
def test_planner_statistics_are_updated_unless_it_only_checks(run, check_only):
    make_note()

    with CaptureQueriesContext(connection) as captured:
        run(*["--check"] * check_only)

    counted = [query["sql"] for query in captured if query["sql"].startswith("ANALYZE")]
    assert ('ANALYZE "blog_post"' in counted) is not check_only


def test_public_posts_that_were_not_counted_are_counted(run):
    make_note(tags=["ant"])
    Post.objects.update(is_counted=False)
    SiteState.objects.update(next_due=None)

    assert "1 public posts were not counted" in run()
    assert_counts_match()


def test_a_scheduled_post_that_has_just_become_due_is_not_reported(run, time_machine):
    time_machine.move_to(utc(2024, 6, 8))
    make_note(tags=["ant"], published=timezone.now() + timedelta(hours=1))
    time_machine.move_to(utc(2024, 6, 9))

    assert run("--check") == ["1 tags counted."]
    assert run() == ["1 tags counted."]

    assert Tag.objects.get().uses == 1


def test_the_number_of_queries_does_not_grow_with_the_number_of_tags(run):
    numbers = []
    for number in (10, 30):
        make_note(tags=[f"tag {n}" for n in range(number)])
        Tag.objects.update(uses=0)
        with CaptureQueriesContext(connection) as captured:
            run()
        numbers.append(len(captured))

    assert numbers[0] == numbers[1]
