"""Adding, publishing, changing and deleting posts of each kind in the admin."""

import pytest
from django.urls import reverse

from blog.models import FormerPermalink, Post, Tag
from tests.admin.conftest import NOW
from tests.factories import FACTORIES, make_entry, make_note, make_series, set_site, utc
from tests.helpers.browsing import fill_in, parse, submit, texts, visit
from tests.helpers.writing import assert_saved, edit, publish_at, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_an_empty_time_and_slug_publish_the_post_now(admin_client, client, kind):
    post = write(admin_client, kind)

    assert post.published == NOW
    assert post.slug
    assert client.get(post.get_absolute_url()).status_code == 200


def test_everything_typed_is_stored(admin_client, kind):
    series = make_series()

    post = write(admin_client, kind, word="typed", series=series.pk)

    stored = {name: getattr(post, name) for name in post.content_fields}
    assert {name for name, value in stored.items() if "typed" not in value} <= {"title"}
    assert (post.byline, post.card_image) == ("typed", "https://example.com/typed")
    assert post.series == series
    assert [tag.name for tag in post.tags.all()] == ["typed"]


def test_a_draft_is_visible_only_to_authors_until_it_is_published(admin_client, client, kind, clock):
    post = write(admin_client, kind, is_draft="on")
    assert client.get(post.get_absolute_url()).status_code == 404
    assert admin_client.get(post.get_absolute_url()).status_code == 200

    clock.shift(3600)
    post = edit(admin_client, post, is_draft=None)

    assert post.published == utc(2024, 6, 8, 22, 43)
    assert client.get(post.get_absolute_url()).status_code == 200


def test_a_post_is_scheduled_or_backdated_in_the_time_zone_of_the_site(admin_client):
    set_site(time_zone="America/Los_Angeles")

    later = write(admin_client, "note", **publish_at(utc(2024, 6, 9, 8)))
    earlier = write(admin_client, "note", **publish_at(utc(2002, 6, 30, 23, 59)))

    assert (later.published, later.is_public) == (utc(2024, 6, 9, 15), False)
    assert (earlier.published, earlier.get_day_url()) == (utc(2002, 7, 1, 6, 59), "/2002/Jun/30/")


def test_an_author_who_is_no_longer_staff_stays_the_author(admin_client, django_user_model, kind):
    post = FACTORIES[kind](author=django_user_model.objects.create(username="ada"))

    edited = edit(admin_client, post, body="Changed.")

    assert (edited.body, edited.author) == ("Changed.", post.author)


def test_saving_an_unchanged_form_changes_nothing(admin_client, kind):
    post = FACTORIES[kind](published=utc(2024, 6, 1, 9, 30), tags=["machine learning", "C++", "a"])
    before = Post.objects.filter(pk=post.pk).values().get()

    edit(admin_client, post)

    after = Post.objects.filter(pk=post.pk).values().get()
    assert after == before | {"modified": NOW}
    assert [tag.name for tag in post.tags.all()] == ["C++", "a", "machine learning"]


def test_a_change_updates_the_post_for_readers_unless_it_is_a_correction(admin_client):
    post = make_entry(published=utc(2024, 6, 1))

    post = edit(admin_client, post, body="Fixed.", is_correction="on")
    assert post.updated == utc(2024, 6, 1)

    post = edit(admin_client, post, body="Changed.")
    assert post.updated == NOW


def test_only_public_posts_offer_a_correction(admin_client):
    path = reverse("admin:blog_note_change", args=[make_note(is_draft=True).pk])

    assert visit(admin_client, path).select("[name=is_correction]") == []


def test_an_error_is_shown_when_the_slug_is_changed_too(admin_client, kind):
    post = FACTORIES[kind]()
    path = reverse(f"admin:blog_{kind}_change", args=[post.pk])

    for slug in ("", "elsewhere"):
        page = parse(submit(admin_client, path, form=f"#{kind}_form", slug=slug, published_0="never"))

        assert "Enter a valid date." in page.get_text()
        assert page.select_one("a.viewsitelink")["href"] == post.get_absolute_url()


def test_a_taken_permalink_is_refused_with_the_name_of_the_other_post(admin_client):
    other = make_entry(title="Rain", published=NOW)
    path = reverse("admin:blog_note_add")
    [form] = visit(admin_client, path).select("#note_form")

    response = admin_client.post(path, fill_in(form, body="It rains.", slug="rain"))

    assert texts(parse(response), ".field-slug .errorlist li") == [
        f"The entry “Rain” is already at {other.get_absolute_url()}."
    ]


@pytest.mark.parametrize("slug", ["a b", "a/b", "a.b", "ü?"])
def test_an_invalid_slug_is_refused(admin_client, slug):
    path = reverse("admin:blog_note_add")
    [form] = visit(admin_client, path).select("#note_form")

    response = admin_client.post(path, fill_in(form, body="It rains.", slug=slug))

    assert texts(parse(response), ".field-slug .errorlist li")


def test_an_empty_form_shows_errors(admin_client, kind):
    path = reverse(f"admin:blog_{kind}_add")
    [form] = visit(admin_client, path).select(f"#{kind}_form")

    response = admin_client.post(path, fill_in(form))

    assert response.status_code == 200
    assert texts(parse(response), ".errorlist li")
    assert not Post.objects.exists()


def test_a_url_without_scheme_gets_https(admin_client):
    post = write(admin_client, "blogmark", link_url="example.com/page")

    assert post.link_url == "https://example.com/page"


def test_the_form_links_to_the_post(admin_client, kind):
    post = write(admin_client, kind, is_draft="on")

    page = visit(admin_client, reverse(f"admin:blog_{kind}_change", args=[post.pk]))

    [link] = page.select("a.viewsitelink")
    assert visit(admin_client, link["href"]).select("meta[name=robots][content=noindex]")


def test_a_deleted_post_is_gone(admin_client, client, kind):
    post = FACTORIES[kind](published=utc(2024, 6, 1), tags=["sea"])
    path = reverse(f"admin:blog_{kind}_delete", args=[post.pk])
    [form] = visit(admin_client, path).select("#content form")

    assert_saved(admin_client.post(path, fill_in(form)))

    assert not Post.objects.exists()
    assert client.get(post.get_absolute_url()).status_code == 410
    assert Tag.objects.get().name == "sea"


def test_posts_deleted_by_an_action_are_gone_too(admin_client, client, kind):
    posts = [FACTORIES[kind](published=utc(2024, 6, day)) for day in (1, 2)]
    draft = FACTORIES[kind](is_draft=True)
    chosen = {"action": "delete_selected", "_selected_action": [post.pk for post in [*posts, draft]]}

    assert_saved(admin_client.post(reverse(f"admin:blog_{kind}_changelist"), chosen | {"post": "yes"}))

    assert not Post.objects.exists()
    assert {client.get(post.get_absolute_url()).status_code for post in posts} == {410}
    assert FormerPermalink.objects.count() == 2


def test_the_history_has_every_change(admin_client):
    post = edit(admin_client, write(admin_client, "note"), body="Changed.")

    page = visit(admin_client, reverse("admin:blog_note_history", args=[post.pk]))

    assert len(page.select("#change-history tbody tr")) == 2
