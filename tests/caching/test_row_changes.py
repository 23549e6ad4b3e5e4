"""The changes that triggers record, whatever causes them."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from blog.caching import triggers
from blog.caching.row_changes import SQLITE, STATE_EXCEPTIONS, RowChangeRules, columns
from blog.caching.site_version import visible_models
from blog.models import (
    FormerPermalink,
    Image,
    LinkedUrl,
    Note,
    PendingChange,
    Post,
    Redirect,
    SiteSettings,
    SiteState,
    Trigram,
)
from tests.factories import make_entry, make_note, make_series, make_tag, set_site

pytestmark = pytest.mark.django_db

#: Models without rules: caches store nothing of them (404, 301), or a rule for posts or words covers them.
COVERED_OTHERWISE = {FormerPermalink, Redirect, LinkedUrl, Image, Trigram}


def recorded():
    return set(PendingChange.objects.values_list("key", flat=True))


def test_every_visible_table_has_a_rule():
    watched = {rule.table for rule in RowChangeRules(SQLITE).rules()}
    kinds_without_columns = {
        kind for kind in Post.kinds().values() if len(kind._meta.local_concrete_fields) == 1
    }

    unwatched = {model for model in visible_models() if model._meta.db_table not in watched}

    assert unwatched - kinds_without_columns == COVERED_OTHERWISE


def test_an_edit_records_the_post_and_a_new_title_also_the_links_to_it(no_pending_purges):
    post = make_entry(title="Rain")
    PendingChange.objects.all().delete()

    post.body = "It rains."
    post.save(notify_readers=False)
    assert recorded() == {f"post-{post.pk}", "search"}

    post.title = "Snow"
    post.save(notify_readers=False)
    assert recorded() >= {f"title-{post.pk}"}
    assert not any(name.startswith(("day-", "kind-")) for name in recorded())


def test_saving_without_a_change_records_nothing(no_pending_purges):
    post = make_entry(tags=["sea"])
    PendingChange.objects.all().delete()

    post.save()

    assert recorded() == set()


def test_drafts_and_scheduled_posts_record_nothing(no_pending_purges):
    make_tag("sea")
    draft = make_note(is_draft=True, tags=["sea"])
    scheduled = make_note(published=timezone.now() + timedelta(days=1), tags=["sea"])
    for post in (draft, scheduled):
        post.body = "Another text."
        post.save()

    draft.delete()

    assert recorded() == set()


def test_a_move_records_the_old_and_the_new_place(no_pending_purges):
    old, new = make_series(slug="old"), make_series(slug="new")
    post = make_note(series=old)
    before = post.day
    PendingChange.objects.all().delete()

    post.series = new
    post.published -= timedelta(days=40)
    post.save()

    assert recorded() >= {
        "series-old",
        "series-new",
        f"day-{before}",
        f"day-{post.day}",
        f"feed-{post.day:%Y-%m}",
    }


def test_a_change_at_a_database_prompt_is_recorded(no_pending_purges):
    post = make_note()
    PendingChange.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE blog_post SET headline = 'By hand' WHERE id = %s", [post.pk])

    assert recorded() == {f"post-{post.pk}", f"title-{post.pk}"}


def test_a_new_site_title_affects_everything(no_pending_purges):
    set_site(title="Harbour")

    assert "all" in recorded()


def test_a_new_site_version_alone_records_nothing(no_pending_purges):
    SiteState.objects.update(version=7, next_due=timezone.now())

    assert recorded() == set()


@pytest.mark.parametrize("name", sorted(columns(SiteSettings) - STATE_EXCEPTIONS - {"id"}))
def test_every_site_setting_affects_everything(no_pending_purges, name):
    value = getattr(SiteSettings.load(), name)
    other = uuid4() if isinstance(value, UUID) else not value if isinstance(value, bool) else "other"
    SiteSettings.objects.update(**{name: other})

    assert "all" in recorded()


def test_a_bulk_change_affects_everything_and_ends_the_recording(no_pending_purges):
    call_command("generate_posts", "200", verbosity=0)
    before = recorded()
    assert "all" in before
    assert len(before) < 30, "only the rest of the statement that exceeded the limit"

    make_note()

    assert recorded() == before


def test_a_change_that_is_rolled_back_is_not_recorded(no_pending_purges):
    from django.db import transaction

    with transaction.atomic():
        make_note()
        transaction.set_rollback(True)

    assert recorded() == set()


def test_migrations_run_without_triggers_and_then_purge_everything(no_pending_purges):
    alias = connection.alias
    triggers.remove_triggers(alias)
    Note(body="Words.").save()
    assert recorded() == set()

    triggers.install_triggers(alias)
    assert recorded() == {"all"}
    PendingChange.objects.all().delete()
    Note(body="Words.").save()
    assert "kind-note" in recorded()
