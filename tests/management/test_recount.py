"""The counts that are kept can be compared with the posts, and put right."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Post, SiteSettings, SiteState, Tag, Tagging
from tests.factories import make_note, utc
from tests.helpers.tagging import assert_kept_right, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys):
    def run(*arguments):
        try:
            call_command("recount", *arguments)
        finally:
            run.printed = capsys.readouterr().out.splitlines()
        return run.printed

    return run


@pytest.fixture
def _wrong():
    make_note(tags=["ant", "bee"], published=utc(2020, 1, 1))
    make_note(tags=["cat"], is_draft=True, published=utc(2020, 1, 1))
    Tag.objects.filter(name="ant").update(uses=7, by_year={"2020": 7})
    Post.objects.filter(is_draft=True).update(is_counted=True)
    SiteState.objects.update(counts_by_year={"2019": {"note": 1}, "2020": {"note": 1}})
    Tagging.objects.filter(tag__name="bee").update(published=None, is_public=False)


WRONG = [
    "1 posts are not public and were counted",
    "2019: kept {'note': 1}, counted {}",
    "2 taggings did not repeat what their post says",
    "ant: kept {'2020': 7}, counted {'2020': 1}",
]


def test_where_all_is_right_it_says_so(run):
    make_note(tags=["ant", "bee"])

    assert run() == run("--check") == ["2 tags counted."]


@pytest.mark.usefixtures("_wrong")
def test_it_puts_right_what_is_wrong_and_says_what_that_was(run):
    printed = run()

    assert printed[0] == "1 posts are not public and were counted"
    assert "ant: kept {'2020': 7}, counted {'2020': 1}" in printed
    assert_kept_right()
    assert run("--check") == ["3 tags counted."]


@pytest.mark.usefixtures("_wrong")
def test_a_check_changes_nothing_and_fails(run):
    before = rows_of(Tag, Tagging, Post, SiteSettings)

    with pytest.raises(CommandError) as failure:
        run("--check")

    assert failure.value.returncode == 1
    assert "ant: kept {'2020': 7}, counted {'2020': 1}" in run.printed
    assert rows_of(Tag, Tagging, Post, SiteSettings) == before


@pytest.mark.parametrize("is_check", [True, False])
def test_the_database_counts_its_rows_unless_it_is_a_check(run, is_check):
    make_note()

    with CaptureQueriesContext(connection) as captured:
        run(*["--check"] * is_check)

    counted = [query["sql"] for query in captured if query["sql"].startswith("ANALYZE")]
    assert ('ANALYZE "blog_post"' in counted) is not is_check


def test_posts_that_were_forgotten_are_counted(run):
    make_note(tags=["ant"])
    Post.objects.update(is_counted=False)
    SiteState.objects.update(next_due=None)

    assert "1 posts are public and were not counted" in run()
    assert_kept_right()


def test_a_post_whose_time_has_just_come_is_no_fault(run, time_machine):
    time_machine.move_to(utc(2024, 6, 8))
    make_note(tags=["ant"], published=timezone.now() + timedelta(hours=1))
    time_machine.move_to(utc(2024, 6, 9))

    assert run("--check") == ["1 tags counted."]
    assert run() == ["1 tags counted."]

    assert Tag.objects.get().uses == 1


def test_it_asks_the_same_number_of_queries_whatever_the_number_of_tags(run):
    numbers = []
    for number in (3, 30):
        make_note(tags=[f"tag {n}" for n in range(number)])
        Tag.objects.update(uses=0)
        with CaptureQueriesContext(connection) as captured:
            run()
        numbers.append(len(captured))

    assert numbers[0] == numbers[1]
