"""The live preview of a post form."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from blog.models import Post, Tag
from tests.factories import FACTORIES, make_note, make_tag, set_site, utc
from tests.helpers.browsing import fill_in, text, texts, visit
from tests.helpers.writing import publish_at, sample_values, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def preview(client, kind, post=None, **typed):
    """The parsed page and the outcome that the endpoint returns for the form with these changes."""
    path = reverse(f"admin:blog_{kind}_change", args=[post.pk]) if post else reverse(f"admin:blog_{kind}_add")
    [form] = visit(client, path).select(f"#{kind}_form")
    sent = fill_in(form, **typed) | {"post": post.pk if post else ""}
    response = client.post(reverse(f"admin:blog_{kind}_preview"), sent)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    preview = response.json()
    return BeautifulSoup(preview["html"], "lxml"), preview["outcome"]


def stored():
    return list(Post.objects.values()), list(Tag.objects.values())


def test_the_preview_of_a_new_post_is_the_page_that_saving_makes(admin_client, client, kind):
    [form] = visit(admin_client, reverse(f"admin:blog_{kind}_add")).select(f"#{kind}_form")
    typed = sample_values(form, "typed") | {"tags": "new, one"}

    page, _ = preview(admin_client, kind, **typed)

    assert stored() == ([], [])
    post = write(admin_client, kind, **typed)
    assert str(page.article) == str(visit(client, post.get_absolute_url()).article)


def test_the_preview_of_a_new_post_names_the_author_that_saving_sets(
    admin_client, admin_user, django_user_model
):
    make_note(author=admin_user)
    make_note(author=django_user_model.objects.create(username="ada"))

    page, _ = preview(admin_client, "note", body="Text.")

    assert texts(page, ".p-author") == [str(admin_user)]


def test_the_preview_of_a_change_is_the_page_that_saving_makes(admin_client, kind):
    make_tag("old")
    post = FACTORIES[kind](published=utc(2024, 6, 1), tags=["old"])
    before = stored()

    page, _ = preview(admin_client, kind, post, body="A *new* text.", tags="old, new")

    assert stored() == before
    assert "new" in texts(page, ".e-content em")
    assert texts(page, "a[rel=tag]") == ["new", "old"]
    assert page.select_one(".permalink")["href"] == post.get_absolute_url()
    assert texts(page, ".updated")


def test_drafts_and_scheduled_posts_are_previewed_as_such(admin_client, kind):
    draft, stays_draft = preview(admin_client, kind, is_draft="on", body="Text.")
    scheduled, appears = preview(admin_client, kind, body="Text.", **publish_at(utc(2024, 6, 9, 0, 43)))

    assert "This is a draft." in text(draft.main)
    assert stays_draft.startswith("Saving keeps this as a draft")
    assert "This will be published on" in text(scheduled.main)
    assert appears == "This will be published on Sunday, 9 June 2024, 00:43 (UTC), in 3\xa0hours."
    assert draft.select("meta[name=robots][content=noindex]")


def test_the_outcome_is_in_the_time_zone_of_the_site(admin_client):
    set_site(time_zone="America/Los_Angeles")

    _, appears = preview(admin_client, "note", body="Text.", **publish_at(utc(2024, 6, 9, 9, 30)))

    assert "Sunday, 9 June 2024, 09:30 (PDT), in 18" in appears


def test_the_outcome_says_what_saving_changes_for_readers(admin_client):
    post = make_note(published=utc(2024, 6, 1))

    outcomes = [preview(admin_client, "note", post, **typed)[1] for typed in ({}, {"is_draft": "on"})]

    assert outcomes == [
        "This is public, dated Saturday, 1 June 2024, 12:00.",
        "Saving turns this back into a draft, hidden from readers.",
    ]


def test_incomplete_input_is_previewed(admin_client, kind):
    half = {"slug": "a b", "published_0": "2024-1", "card_image": "https:/", "tags": '"sea, x'}
    [form] = visit(admin_client, reverse(f"admin:blog_{kind}_add")).select(f"#{kind}_form")
    urls = {control["name"]: "htt" for control in form.select("input[type=url]")}

    page, _ = preview(admin_client, kind, **sample_values(form, "typed") | urls | half)

    assert "typed" in text(page.article)


def test_an_empty_form_is_previewed(admin_client, kind):
    page, _ = preview(admin_client, kind)

    assert page.article


def test_an_invalid_text_is_shown_as_typed(admin_client):
    post = FACTORIES["entry"](title="Old", published=utc(2024, 6, 1))

    page, _ = preview(admin_client, "entry", post, title="x" * 600)
    emptied, _ = preview(admin_client, "entry", post, title="")

    assert "x" * 600 in text(page.h1)
    assert text(emptied.h1) == ""


def test_typed_scripts_are_removed(admin_client):
    page, _ = preview(
        admin_client, "blogmark", body="<script>alert(1)</script>", link_url="javascript:alert(1)",
        link_title="Title",
    )  # fmt: skip

    assert not page.select("article script, [href^=javascript]")


@pytest.mark.parametrize("pk", ["", "0", "x", "9" * 30, "-1"])
def test_a_missing_post_is_previewed_as_a_new_one(admin_client, pk):
    response = admin_client.post(reverse("admin:blog_note_preview"), {"body": "Text.", "post": pk})

    assert "Text." in response.json()["html"]


def test_a_preview_needs_the_permission_to_write(client, django_user_model):
    path = reverse("admin:blog_note_preview")
    fields = {"body": "Text.", "post": make_note(is_draft=True, body="Secret.").pk}

    assert client.post(path, fields).status_code == 401
    client.force_login(django_user_model.objects.create_user("reader"))
    assert client.post(path, fields).status_code == 403
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    assert client.post(path, fields).status_code == 403


def test_a_preview_needs_a_csrf_token(admin_user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)

    assert client.post(reverse("admin:blog_note_preview"), {"body": "Text."}).status_code == 403
    assert client.get(reverse("admin:blog_note_preview")).status_code == 405
