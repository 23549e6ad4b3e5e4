"""The list of posts of all kinds, and the actions that publish many or turn them back into drafts."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.text import capfirst

from blog.admin.publishing import publish
from blog.models import Post, Revision, Tag
from tests.factories import FACTORIES, make_entry, make_note, make_series, make_timeline, utc
from tests.helpers.browsing import parse, paths, texts, visit
from tests.helpers.writing import edit

pytestmark = pytest.mark.django_db

LIST = "/admin/blog/post/"
NOW = utc(2024, 6, 8, 12)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def run_action(client, action, *posts, path=LIST):
    """Run the action on the posts and return the messages."""
    data = {"action": action, "_selected_action": [post.pk for post in posts]}
    return texts(parse(client.post(path, data, follow=True)), ".messagelist li")


def names(client, query=""):
    return texts(visit(client, LIST + query), ".field-name")


def test_a_row_shows_kind_tags_and_state_and_links_to_the_form_of_the_kind(admin_client):
    posts = [make(published=NOW, tags=["sea", "ant"]) for make in FACTORIES.values()]

    page = visit(admin_client, LIST)

    labels = [capfirst(post.label) for post in posts]
    assert sorted(texts(page, ".field-kind_label")) == sorted(labels)
    assert set(texts(page, ".field-tag_list")) == {"ant, sea"}
    assert set(texts(page, ".field-state")) == {"Public"}
    assert sorted(paths(page, ".field-name a")) == sorted(
        reverse(f"admin:blog_{post.kind}_change", args=[post.pk]) for post in posts
    )


def test_a_post_without_a_title_shows_its_opening_words(admin_client):
    make_note(title="", body="One *two* three. " * 20)
    make_note(title="Boats", body="Floating.")

    assert names(admin_client) == [
        "Boats",
        "Note on 8th June 2024 One two three. One two three. One two three. One two three.…",
    ]


@pytest.mark.parametrize(
    "query",
    [
        "kind=note",
        "state=draft",
        "tag=sea",
        "year=2023",
        "q=floating",
    ],
)
def test_filters_and_search_find_the_post(admin_client, query):
    make_entry(title="Other", published=NOW)
    post = make_note(title="Boats", body="Floating.", published=utc(2023, 3, 3), tags=["sea"])
    post.is_draft = "draft" in query
    post.save()

    assert names(admin_client, f"?{query}") == ["Boats"]


@pytest.mark.parametrize(
    "query", ["kind=x", "state=x", "tag=x%00", "year=x", "year=99999", "year=0000", "tag=-", "q=%25", "p=999"]
)
def test_odd_filters_do_not_fail(admin_client, query):
    make_note()

    assert admin_client.get(f"{LIST}?{query}", follow=True).status_code in {200, 400}


def test_filters_offer_the_existing_values(admin_client):
    make_timeline(4, start=utc(2022, 1, 1))
    make_note(published=NOW, tags=["sea"])

    offered = texts(visit(admin_client, LIST), "#changelist-filter li")

    assert {"Notes", "Draft", "sea", "2022", "2024"} <= set(offered)


def test_the_number_of_queries_does_not_grow_with_the_posts(admin_client):
    def query_counts():
        numbers = {}
        for query in ("", "?q=ant+or+bee", "?state=public", "?tag=ant", "?year=2024", "?kind=note"):
            with CaptureQueriesContext(connection) as captured:
                assert names(admin_client, query)
            numbers[query] = len(captured)
        return numbers

    make_timeline(8, start=utc(2024, 6, 1), series=make_series())
    few = query_counts()
    make_timeline(24, start=utc(2024, 6, 2), series=make_series())

    assert query_counts() == few
    assert max(few.values()) <= 16


@pytest.mark.parametrize("page", ["change", "history"])
def test_the_change_and_history_urls_redirect_to_those_of_the_kind(admin_client, page):
    note = make_note()

    response = admin_client.get(f"{LIST}{note.pk}/{page}/")

    assert response["Location"] == reverse(f"admin:blog_note_{page}", args=[note.pk])
    for nothing in ("0", "x", "9" * 30):
        assert admin_client.get(f"{LIST}{nothing}/{page}/").status_code == 404


@pytest.mark.parametrize("path", ["add/", "check/"])
def test_posts_cannot_be_added_here(admin_client, path):
    assert admin_client.post(f"{LIST}{path}").status_code in {302, 403, 404}
    assert not Post.objects.exists()


def test_many_posts_are_published_at_once(admin_client, client):
    dated = make_entry(is_draft=True, published=utc(2023, 1, 1))
    posts = [make(is_draft=True, tags=["sea"]) for make in FACTORIES.values()]
    scheduled = make_note(published=utc(2024, 7, 1), tags=["sea"])

    messages = run_action(admin_client, "publish_now", dated, scheduled, *posts)

    assert messages == [f"Published {len(posts) + 2} posts."]
    assert {post.published for post in Post.objects.exclude(pk=dated.pk)} == {NOW}
    assert Post.objects.get(pk=dated.pk).published == utc(2023, 1, 1)
    assert Tag.objects.get(name="sea").uses == len(posts) + 1
    for post in Post.objects.all():
        assert client.get(post.get_absolute_url()).status_code == 200
    assert LogEntry.objects.count() == len(posts) + 2


def test_many_posts_become_drafts_at_once(admin_client, client):
    posts = [make(tags=["sea"]) for make in FACTORIES.values()]

    assert run_action(admin_client, "back_to_draft", *posts) == [
        f"Turned {len(posts)} posts back into drafts."
    ]

    assert Post.objects.drafts().count() == len(posts)
    assert Tag.objects.get(name="sea").uses == 0
    assert {client.get(post.get_absolute_url()).status_code for post in posts} == {404}


def test_a_taken_slug_does_not_stop_the_rest(admin_client):
    make_entry(title="Rain", published=NOW)
    note = make_note(title="Rain", slug="rain", is_draft=True, published=utc(2024, 7, 1))
    other = make_note(is_draft=True)

    messages = run_action(admin_client, "publish_now", note, other)

    assert len(messages) == 2
    assert "“Rain” was not changed." in messages[0]
    assert Post.objects.get(pk=note.pk).is_draft
    assert Post.objects.get(pk=other.pk).is_public


def test_a_post_already_in_the_state_is_left_alone(admin_client):
    note = make_note(published=utc(2024, 6, 1))
    before = Post.objects.filter(pk=note.pk).values().get()

    assert run_action(admin_client, "publish_now", note) == ["1 post was already public."]

    assert Post.objects.filter(pk=note.pk).values().get() == before


def test_too_many_posts_are_refused(admin_client, monkeypatch):
    monkeypatch.setattr("blog.admin.publishing.MAX_POSTS", 1)
    posts = [make_note(is_draft=True) for _ in range(2)]

    assert run_action(admin_client, "publish_now", *posts) == ["Select at most 1 posts at a time."]
    assert Post.objects.drafts().count() == 2


def test_revisions_record_the_author_and_the_state_before(admin_client, admin_user):
    posts = [make(is_draft=True, tags=["sea"]) for make in FACTORIES.values()]

    run_action(admin_client, "publish_now", *posts)

    recorded = [
        (revision.fields["is_draft"], revision.author)
        for post in posts
        for revision in Revision.objects.filter(post=post).order_by("pk")
    ]
    assert recorded == [(True, None), (False, admin_user)] * len(posts)


def test_a_save_during_the_action_is_not_overwritten(admin_client, monkeypatch):
    first, second = make_note(is_draft=True), make_note(is_draft=True)

    def publish_slowly(post):
        if post.pk == first.pk:
            edit(admin_client, second, body="Written meanwhile.")
        return publish(post)

    monkeypatch.setattr("blog.admin.publishing.publish", publish_slowly)
    run_action(admin_client, "publish_now", first, second)

    second.refresh_from_db()
    assert (second.body, second.is_draft) == ("Written meanwhile.", False)


@pytest.mark.parametrize("kind", Post.kinds())
def test_the_list_of_each_kind_has_the_same_actions(admin_client, kind):
    post = FACTORIES[kind](is_draft=True)
    path = reverse(f"admin:blog_{kind}_changelist")

    assert run_action(admin_client, "publish_now", post, path=path) == ["Published 1 post."]
    assert run_action(admin_client, "back_to_draft", post, path=path) == ["Turned 1 post back into a draft."]


def test_posts_without_the_permission_to_change_them_are_skipped(client, django_user_model, give):
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    assert client.get(LIST).status_code == 403
    make_entry(title="Secret plan", is_draft=True)
    note, entry = make_note(title="Boats", is_draft=True), Post.objects.get(kind="entry")

    give("helper", "view_note", "view_entry", "change_note")
    assert sorted(names(client)) == ["Boats", "Secret plan"]
    messages = run_action(client, "publish_now", note, entry)

    assert sorted(messages) == [
        "1 post was skipped: you don't have permission to change posts of its kind.",
        "Published 1 post.",
    ]
    assert Post.objects.get(pk=entry.pk).is_draft


def test_the_permission_to_view_does_not_allow_changes(client, django_user_model, give):
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    give("helper", "view_note")
    note = make_note(is_draft=True)
    make_entry(title="Not visible")

    assert len(names(client)) == 1
    run_action(client, "publish_now", note)

    assert Post.objects.get(pk=note.pk).is_draft
