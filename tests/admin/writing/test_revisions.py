"""Revisions are recorded, shown and restored, and edit conflicts are detected."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from blog.models import Post, Revision, Tag
from tests.admin.conftest import NOW
from tests.factories import FACTORIES, make_blogmark, make_note, make_series, set_site, utc
from tests.helpers.browsing import fill_in, parse, texts, visit
from tests.helpers.writing import assert_saved, edit, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def history(client, post, query=""):
    return visit(client, reverse(f"admin:blog_{post.kind}_history", args=[post.pk]) + query)


def restore(client, post, revision):
    return client.post(reverse(f"admin:blog_{post.kind}_restore", args=[post.pk, revision.pk]))


def form_of(client, post):
    [form] = visit(client, reverse(f"admin:blog_{post.kind}_change", args=[post.pk])).select(
        f"#{post.kind}_form"
    )
    return form


def save(client, post, form, **typed):
    return client.post(reverse(f"admin:blog_{post.kind}_change", args=[post.pk]), fill_in(form, **typed))


def test_each_save_with_changes_records_a_revision(admin_client, admin_user, kind):
    post = write(admin_client, kind, body="One.", tags="sea")
    edit(admin_client, post, body="Two.", tags="sea, ship")
    edit(admin_client, post)

    first, second = Revision.objects.filter(post=post).order_by("pk")

    assert (first.fields["body"], first.fields["tags"]) == ("One.", ["sea"])
    assert (second.fields["body"], second.fields["tags"]) == ("Two.", ["sea", "ship"])
    assert (second.author, second.created) == (admin_user, NOW)


def test_the_first_change_of_an_imported_post_also_records_its_former_state(admin_client, clock, kind):
    post = FACTORIES[kind](body="Imported.", published=utc(2004, 6, 1), tags=["old"])
    clock.shift(3600)

    edit(admin_client, post, body="Changed.", tags="new")

    former, changed = Revision.objects.filter(post=post).order_by("pk")
    assert (former.fields["body"], former.fields["tags"], former.author) == ("Imported.", ["old"], None)
    assert former.created == NOW
    assert changed.fields["body"] == "Changed."


def test_changes_made_outside_the_admin_are_recorded_at_the_next_save(admin_client):
    post = write(admin_client, "note", body="One.")
    post.body = "By a command."
    post.save()

    edit(admin_client, post, body="Two.")

    bodies = [revision.fields["body"] for revision in Revision.objects.order_by("pk")]
    assert bodies == ["One.", "By a command.", "Two."]


def test_imports_and_commands_record_no_revisions():
    make_note()

    assert not Revision.objects.exists()


def test_a_column_added_since_a_revision_is_no_change(admin_client):
    post = make_blogmark()
    Revision.record(post)
    revision = post.revisions.get()
    for added in ["series", "via_url"]:
        del revision.fields[added]
    revision.save()

    Revision.record(post)

    assert post.revisions.count() == 1


def test_the_history_shows_author_time_and_differences(admin_client, admin_user):
    post = write(admin_client, "note", body="A small <b>boat</b>.", tags="sea")
    edit(admin_client, post, body="A big <b>boat</b>.", tags="sea, ship")

    page = history(admin_client, post)

    newest = page.select_one("#revisions li")
    assert texts(newest, "h3") == [f"8 June 2024, 21:43 by {admin_user}"]
    assert texts(newest, "dt") == ["Body", "Tags"]
    assert (texts(newest, "del"), texts(newest, "ins")) == (["small"], ["big", ", ship"])
    assert "<b>boat</b>" in newest.get_text()
    assert not page.select("#revisions b")


def test_the_history_shows_names_of_authors_and_series(admin_client, admin_user, django_user_model):
    ada = django_user_model.objects.create(username="ada", is_staff=True)
    post = write(admin_client, "note", series=make_series(title="Boats").pk)
    edit(admin_client, post, author=ada.pk, series="")

    changes = history(admin_client, post).select_one("#revisions li")

    assert texts(changes, "dt") == ["Author", "Series"]
    assert (texts(changes, "del"), texts(changes, "ins")) == ([str(admin_user), "Boats"], ["ada"])


def test_restoring_a_revision_keeps_the_permalink(admin_client, admin_user, kind):
    post = write(admin_client, kind, body="One.", tags="sea", series=make_series().pk)
    edit(admin_client, post, body="Two.", tags="ship", slug="elsewhere", is_draft="on", series="")
    first = Revision.objects.order_by("pk").first()

    assert_saved(restore(admin_client, post, first))

    now = Post.objects.get(pk=post.pk).as_kind()
    assert (now.body, now.slug, now.is_draft, now.number) == ("One.", "elsewhere", True, post.number)
    assert now.series_id == post.series_id
    assert [tag.name for tag in now.tags.all()] == ["sea"]
    assert Revision.objects.count() == 3
    assert Revision.objects.last().author == admin_user


def test_restoring_skips_a_deleted_series(admin_client):
    series = make_series()
    post = write(admin_client, "note", body="One.", series=series.pk)
    edit(admin_client, post, body="Two.", series="")
    series.delete()

    assert_saved(restore(admin_client, post, Revision.objects.order_by("pk").first()))

    assert Post.objects.get().series is None
    assert Post.objects.get().body == "One."


def test_restoring_skips_a_deleted_author(admin_client, django_user_model):
    post = make_note(body="One.", author=django_user_model.objects.create(username="ada"))
    edit(admin_client, post, body="Two.")
    post.author.delete()

    assert_saved(restore(admin_client, post, Revision.objects.order_by("pk").first()))

    assert (Post.objects.get().author, Post.objects.get().body) == (None, "One.")


def test_a_revision_of_another_post_or_kind_is_not_restored(admin_client):
    post, other = (write(admin_client, "note", body="One.") for _ in range(2))
    revision = Revision.objects.get(post=other)

    assert restore(admin_client, post, revision).status_code == 404
    wrong = reverse("admin:blog_entry_restore", args=[other.pk, revision.pk])
    assert admin_client.post(wrong).status_code == 404


def test_restoring_needs_permission_and_a_post_request(admin_client, admin_user, client, django_user_model):
    post = write(admin_client, "note", body="One.")
    edit(admin_client, post, body="Two.")
    revision = Revision.objects.order_by("pk").first()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)

    assert restore(client, post, revision).status_code == 302
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    assert restore(client, post, revision).status_code == 403
    assert client.get(reverse("admin:blog_note_history", args=[post.pk])).status_code == 403
    assert restore(strict, post, revision).status_code == 403
    path = reverse("admin:blog_note_restore", args=[post.pk, revision.pk])
    assert admin_client.get(path).status_code == 405
    assert Post.objects.get().body == "Two."


def test_a_long_history_is_paginated(admin_client, django_assert_max_num_queries):
    post = make_note()
    Revision.objects.bulk_create(Revision(post=post, fields={"body": f"Text {n}."}) for n in range(45))

    with django_assert_max_num_queries(12):
        first = history(admin_client, post)
    last = history(admin_client, post, "?revisions=3")

    assert len(first.select("#revisions li")) == 20
    assert texts(first.select("#revisions li")[19], "del, ins") == ["24", "25"]
    assert len(last.select("#revisions li")) == 5
    assert history(admin_client, post, "?revisions=wild")


def test_the_history_of_a_missing_post_redirects(admin_client):
    assert admin_client.get("/admin/blog/note/wild/history/").status_code == 302


def test_a_conflict_shows_both_texts(admin_client, admin_user, kind):
    post = write(admin_client, kind, body="The first text.", tags="sea")
    mine, theirs = form_of(admin_client, post), form_of(admin_client, post)
    assert_saved(save(admin_client, post, theirs, body="The text of another.", tags="ship"))

    response = save(admin_client, post, mine, body="The text of mine.")

    page = parse(response)
    assert response.status_code == 200
    assert Post.objects.get().body == "The text of another."
    assert page.select_one("[name=body]").get_text().strip() == "The text of mine."
    assert f"{admin_user} changed this post (8 June 2024, 21:43) while you were writing" in page.get_text()
    assert texts(page, ".conflict del") == ["Marked like this", "another", "ship"]
    assert texts(page, ".conflict ins") == ["Marked like this", "mine", "sea"]
    assert "The text of another." in texts(page, ".conflict pre")
    assert {"Published", "Tags"} <= set(texts(page, ".conflict details dt"))


def test_after_a_conflict_overwriting_must_be_confirmed(admin_client):
    post = write(admin_client, "note", body="One.")
    form = form_of(admin_client, post)
    edit(admin_client, post, body="Theirs.")
    [again] = parse(save(admin_client, post, form, body="Mine.")).select("#note_form")

    assert save(admin_client, post, again).status_code == 200, "an ordinary save is refused again"
    assert Post.objects.get().body == "Theirs."
    sent = fill_in(again) | {"_overwrite": again.select_one("[name=_overwrite]")["value"]}
    assert_saved(admin_client.post(reverse("admin:blog_note_change", args=[post.pk]), sent))

    assert Post.objects.get().body == "Mine."
    assert [revision.fields["body"] for revision in Revision.objects.order_by("pk")] == [
        "One.", "Theirs.", "Mine.",
    ]  # fmt: skip


def test_confirming_does_not_overwrite_a_version_saved_since(admin_client):
    post = write(admin_client, "note", body="One.")
    form = form_of(admin_client, post)
    edit(admin_client, post, body="Theirs.")
    [again] = parse(save(admin_client, post, form, body="Mine.")).select("#note_form")
    edit(admin_client, post, body="A third.")

    sent = fill_in(again) | {"_overwrite": again.select_one("[name=_overwrite]")["value"]}
    response = admin_client.post(reverse("admin:blog_note_change", args=[post.pk]), sent)

    assert "A third." in texts(parse(response), ".conflict pre")
    assert Post.objects.get().body == "A third."


def test_tags_added_by_somebody_else_are_a_conflict(admin_client):
    post = write(admin_client, "note", body="One.", tags="sea")
    form = form_of(admin_client, post)
    post.tags.add("ship")

    response = save(admin_client, post, form, body="Two.")

    assert "ship" in "".join(texts(parse(response), ".conflict del"))
    assert sorted(post.tags.names()) == ["sea", "ship"]


def test_a_renamed_tag_is_no_conflict_and_keeps_its_new_name(admin_client):
    post = write(admin_client, "note", body="One.", tags="sea, ship")
    form = form_of(admin_client, post)
    Tag.objects.get(name="sea").rename("ocean")

    assert_saved(save(admin_client, post, form, body="Two."))

    assert Post.objects.get().body == "Two."
    assert (
        sorted(Tag.objects.values_list("name", flat=True)) == sorted(post.tags.names()) == ["ocean", "ship"]
    )


def test_a_former_name_of_another_tag_is_a_new_tag(admin_client):
    make_note(tags=["sea"])
    Tag.objects.get(name="sea").rename("ocean")
    post = write(admin_client, "note", body="One.")

    edit(admin_client, post, tags="sea")

    assert list(post.tags.names()) == ["sea"]


def test_restoring_uses_the_current_names_of_tags(admin_client):
    post = write(admin_client, "note", body="One.", tags="sea")
    edit(admin_client, post, body="Two.", tags="")
    Tag.objects.get(name="sea").rename("ocean")

    restore(admin_client, post, Revision.objects.earliest("pk"))

    assert list(post.tags.names()) == ["ocean"]


@pytest.mark.parametrize(
    ("zone", "day", "time"), [("Asia/Tokyo", "0001-01-01", "00:00"), ("America/Lima", "9999-12-31", "23:59")]
)
def test_a_conflict_shows_a_time_in_the_hour_skipped_by_daylight_saving(admin_client, zone, day, time):
    set_site(time_zone=zone)
    post = write(admin_client, "note", body="One.")
    form = form_of(admin_client, post)
    edit(admin_client, post, body="Theirs.")

    response = save(admin_client, post, form, body="Mine.", published_0=day, published_1=time)

    assert texts(parse(response), ".conflict del")


def test_rerendering_is_no_conflict(admin_client):
    post = write(admin_client, "note", body="One.")
    form = form_of(admin_client, post)
    post.save()

    assert_saved(save(admin_client, post, form, body="Two."))


def test_line_endings_are_normalised(admin_client):
    post = make_note(body="One.\n\nTwo.", published=utc(2024, 6, 1))

    edit(admin_client, post, body="One.\r\n\r\nTwo.")

    now = Post.objects.get()
    assert (now.body, now.updated) == ("One.\n\nTwo.", utc(2024, 6, 1)), "readers see no update"
    assert Revision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_simultaneous_saves_one_succeeds_and_the_others_are_conflicts(client, django_user_model):
    author = django_user_model.objects.create_superuser("author")
    client.force_login(author)
    post = write(client, "note", body="Before.")
    form = form_of(client, post)
    path = reverse("admin:blog_note_change", args=[post.pk])

    def save_as(name):
        window = Client()
        window.force_login(author)
        try:
            return window.post(path, fill_in(form, body=f"By {name}.")).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        statuses = sorted(threads.map(save_as, "ABCD"))

    assert statuses == [200, 200, 200, 302]
    assert Revision.objects.filter(fields__body__startswith="By ").count() == 1
    assert Post.objects.get().body in {"By A.", "By B.", "By C.", "By D."}
