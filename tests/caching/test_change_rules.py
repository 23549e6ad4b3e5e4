"""The keys that triggers note, whatever causes the change."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from blog.caching.change_rules import STATE_EXCEPTIONS, columns
from blog.caching.triggers import unwatched_tables
from blog.models import (
    Change,
    FormerPermalink,
    HubPing,
    Image,
    ImportedRow,
    LinkedUrl,
    Post,
    PreviewLink,
    PurgeProgress,
    Redirect,
    Revision,
    SiteSettings,
    SiteState,
    SubscriberCount,
    Tag,
    TagMerge,
    WorkingCopy,
)
from tests.factories import make_blogmark, make_entry, make_note, make_series, make_tag, set_site, utc

pytestmark = pytest.mark.django_db

#: Models whose changes are not noted: no response that a cache stores is made from them.
UNWATCHED = {
    Change,
    FormerPermalink,
    HubPing,
    Image,
    ImportedRow,
    LinkedUrl,
    PreviewLink,
    PurgeProgress,
    Redirect,
    Revision,
    SubscriberCount,
    TagMerge,
    WorkingCopy,
}


def test_only_these_tables_of_the_weblog_have_no_rule():
    unwatched = {table for table in unwatched_tables() if table.startswith("blog_")}

    assert unwatched == {model._meta.db_table for model in UNWATCHED}


def test_an_edit_notes_the_post_and_a_new_title_also_the_links_to_it(noted):
    post = make_entry(title="Rain")
    noted()

    post.body = "It rains."
    post.save(notify_readers=False)
    assert noted() == {f"post-{post.pk}"}

    post.title = "Snow"
    post.save(notify_readers=False)
    keys = noted()
    assert keys >= {f"title-{post.pk}", f"year-{post.day.year}"}
    assert not any(name.startswith(("day-", "kind-")) for name in keys)


def test_saving_without_a_change_notes_nothing(noted):
    post = make_entry(tags=["sea"])
    noted()

    post.save()

    assert noted() == set()


def test_drafts_and_scheduled_posts_note_nothing(noted):
    make_tag("sea")
    draft = make_note(is_draft=True, tags=["sea"])
    scheduled = make_note(published=timezone.now() + timedelta(days=1), tags=["sea"])
    for post in (draft, scheduled):
        post.body = "Another text."
        post.save()

    draft.delete()

    assert noted() == set()


def test_a_move_notes_the_old_and_the_new_place(noted):
    old, new = make_series(slug="old"), make_series(slug="new")
    post = make_note(series=old)
    before = post.day
    noted()

    post.series = new
    post.published -= timedelta(days=40)
    post.save()

    assert noted() >= {
        "series-old",
        "series-new",
        f"day-{before}",
        f"day-{post.day}",
        f"month-{before:%Y-%m}",
        f"month-{post.day:%Y-%m}",
        f"feed-{post.day:%Y-%m}",
    }


def test_a_new_post_notes_its_neighbours_and_the_days_around_it(noted):
    first, last = (make_note(published=utc(2024, 6, day)) for day in (1, 30))
    noted()

    make_note(published=utc(2024, 6, 8))

    assert noted() >= {f"at-{first.pk}", f"at-{last.pk}", "after-2024-06-01", "before-2024-06-30"}


def test_only_a_post_that_enters_the_newest_notes_them(noted):
    for day in range(31):
        make_note(published=utc(2024, 6, 8) + timedelta(days=day))
    noted()

    make_blogmark(published=utc(2024, 6, 1))
    assert {"newest", "newest-blogmark"} & noted() == {"newest-blogmark"}

    make_note(published=utc(2024, 8, 1))
    assert noted() >= {"newest", "newest-note"}


def test_a_retagged_post_notes_all_its_tags(noted):
    post = make_note(tags=["sea", "ship"])
    noted()

    post.tags.remove("ship")

    assert noted() >= {"tag-sea", "tag-ship", f"post-{post.pk}"}


def test_a_renamed_tag_notes_its_posts(noted):
    post = make_note(tags=["boat"])
    noted()

    Tag.objects.get(name="boat").rename("dinghy")

    assert noted() >= {f"post-{post.pk}", "tag-boat", "tag-dinghy", "name-boat", "name-dinghy", "tags"}


def test_a_renamed_tag_of_very_many_posts_notes_everything(noted):
    make_note(tags=["boat"])
    post = Post.objects.get()
    tag = Tag.objects.get(name="boat")
    for _ in range(201):
        make_note(tags=["boat"])
    noted()

    tag.refresh_from_db()
    tag.rename("dinghy")

    keys = noted()
    assert "all" in keys
    assert f"post-{post.pk}" not in keys


def test_years_are_noted_only_when_one_appears_or_disappears(noted):
    make_note(published=utc(2024, 6, 8))
    noted()

    post = make_note(published=utc(2024, 6, 9))
    assert not {"years"} & noted()

    other = make_note(published=utc(2023, 6, 9))
    assert noted() >= {"years", "counts-note"}

    post.delete()
    assert "years" not in noted()
    other.delete()
    assert "years" in noted()


def test_recomputed_counts_are_noted(noted):
    make_note(published=utc(2024, 6, 8))
    make_entry(published=utc(2024, 6, 8))
    noted()

    SiteState.objects.update(counts_by_year={"2024": {"note": 2, "entry": 1}})

    assert noted() == {"counts", "counts-note"}


def test_a_change_at_a_database_prompt_is_noted(noted):
    post = make_note()
    noted()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE blog_post SET headline = 'By hand' WHERE id = %s", [post.pk])

    year = post.day.year
    assert noted() == {f"post-{post.pk}", f"title-{post.pk}", f"year-{year}", f"sitemap-{year}"}


def test_a_new_site_title_affects_everything(noted):
    set_site(title="Harbour")

    assert "all" in noted()


def test_a_new_site_version_alone_notes_nothing(noted):
    SiteState.objects.update(version=7, next_due=timezone.now())

    assert noted() == set()


@pytest.mark.parametrize("name", sorted(columns(SiteSettings) - STATE_EXCEPTIONS - {"id"}))
def test_every_site_setting_affects_everything(noted, name):
    value = getattr(SiteSettings.load(), name)
    other = uuid4() if isinstance(value, UUID) else not value if isinstance(value, bool) else "other"
    SiteSettings.objects.update(**{name: other})

    assert "all" in noted()


def test_a_change_that_is_rolled_back_is_not_noted(noted):
    with transaction.atomic():
        make_note()
        transaction.set_rollback(True)

    assert noted() == set()
