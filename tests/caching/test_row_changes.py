"""What the database notes of changes, whatever makes them."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from blog.caching import triggers
from blog.caching.row_changes import KEPT, SQLITE, RowChangeRules, columns
from blog.caching.site_version import seen_models
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

#: What readers see of these no cache keeps (404, 301), or it is noted with a post or a word.
NOWHERE = {FormerPermalink, Redirect, LinkedUrl, Image, Trigram}


def noted():
    return set(PendingChange.objects.values_list("key", flat=True))


def test_every_table_that_pages_show_is_watched():
    watched = {rule.table for rule in RowChangeRules(SQLITE).rules()}
    kinds_without_columns = {
        kind for kind in Post.kinds().values() if len(kind._meta.local_concrete_fields) == 1
    }

    unwatched = {model for model in seen_models() if model._meta.db_table not in watched}

    assert unwatched - kinds_without_columns == NOWHERE


def test_an_edit_notes_the_post_and_a_title_the_links_to_it(told):
    post = make_entry(title="Rain")
    PendingChange.objects.all().delete()

    post.body = "It rains."
    post.save(notify_readers=False)
    assert noted() == {f"post-{post.pk}", "search"}

    post.title = "Snow"
    post.save(notify_readers=False)
    assert noted() >= {f"title-{post.pk}"}
    assert not any(name.startswith(("day-", "kind-")) for name in noted())


def test_saving_what_is_saved_notes_nothing(told):
    post = make_entry(tags=["sea"])
    PendingChange.objects.all().delete()

    post.save()

    assert noted() == set()


def test_nobody_is_told_of_drafts_and_of_what_waits(told):
    make_tag("sea")
    draft = make_note(is_draft=True, tags=["sea"])
    waiting = make_note(published=timezone.now() + timedelta(days=1), tags=["sea"])
    for post in (draft, waiting):
        post.body = "Other words."
        post.save()

    draft.delete()

    assert noted() == set()


def test_a_move_notes_the_old_place_and_the_new_one(told):
    old, new = make_series(slug="old"), make_series(slug="new")
    post = make_note(series=old)
    before = post.day
    PendingChange.objects.all().delete()

    post.series = new
    post.published -= timedelta(days=40)
    post.save()

    assert noted() >= {
        "series-old",
        "series-new",
        f"day-{before}",
        f"day-{post.day}",
        f"feed-{post.day:%Y-%m}",
    }


def test_what_is_done_at_the_database_s_own_prompt_is_noted(told):
    post = make_note()
    PendingChange.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE blog_post SET headline = 'By hand' WHERE id = %s", [post.pk])

    assert noted() == {f"post-{post.pk}", f"title-{post.pk}"}


def test_the_settings_are_everything(told):
    set_site(title="Harbour")

    assert "all" in noted()


def test_a_new_edition_of_the_site_is_no_news(told):
    SiteState.objects.update(version=7, next_due=timezone.now())

    assert noted() == set()


@pytest.mark.parametrize("name", sorted(columns(SiteSettings) - KEPT - {"id"}))
def test_every_other_setting_is_everything(told, name):
    value = getattr(SiteSettings.load(), name)
    other = uuid4() if isinstance(value, UUID) else not value if isinstance(value, bool) else "other"
    SiteSettings.objects.update(**{name: other})

    assert "all" in noted()


def test_very_many_changes_are_everything_and_then_nothing_more_is_noted(told):
    call_command("generate_posts", "200", verbosity=0)
    before = noted()
    assert "all" in before
    assert len(before) < 30, "what its triggers still had to say"

    make_note()

    assert noted() == before


def test_what_is_undone_is_not_noted(told):
    from django.db import transaction

    with transaction.atomic():
        make_note()
        transaction.set_rollback(True)

    assert noted() == set()


def test_migrations_change_the_tables_without_them_and_then_they_are_there_again(told):
    alias = connection.alias
    triggers.remove_triggers(alias)
    Note(body="Words.").save()
    assert noted() == set()

    triggers.install_triggers(alias)
    assert noted() == {"all"}
    PendingChange.objects.all().delete()
    Note(body="Words.").save()
    assert "kind-note" in noted()
