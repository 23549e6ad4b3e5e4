"""The tool that adds tags to, or removes them from, many posts found by a search."""

from datetime import timedelta
from unittest import mock

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from blog.models import Post, SearchDocument, Tag
from blog.search import results
from tests.factories import FACTORIES, make_entry, make_note, make_timeline, utc
from tests.helpers.browsing import parse as parsed
from tests.helpers.browsing import text, texts, visit
from tests.helpers.tagging import assert_counts_match, found_by, names_by_post, rows_of, tag_rows

pytestmark = pytest.mark.django_db
PATH = "/admin/blog/tag/bulk/"


def shown(client, query=""):
    return texts(visit(client, f"{PATH}{query}"), ".bulk-posts label")


def send(client, posts, tags, action="add", query=""):
    data = {"posts": [post.pk for post in posts], "tags": tags, "action": action}
    return client.post(f"{PATH}{query}", data)


def messages(client, response):
    assert response.status_code == 302
    return texts(visit(client, response["Location"]), ".messagelist li")


def errors(response):
    assert response.status_code == 200
    return texts(parsed(response), ".errorlist li")


@pytest.mark.parametrize("make", FACTORIES.values(), ids=FACTORIES)
def test_posts_of_every_kind_are_found_including_drafts_and_scheduled_ones(admin_client, make):
    make(body="sea", published=utc(2024, 6, 1))
    make(body="sea", is_draft=True, published=utc(2024, 6, 2))
    make(body="sea", published=timezone.now() + timedelta(days=1))
    make(body="land")

    page = visit(admin_client, f"{PATH}?q=sea")

    states = [text(item.select_one(".quiet")) for item in page.select(".bulk-posts li")]
    assert ["scheduled" in states[0], "draft" in states[1], "2024" in states[2]] == [True, True, True]
    assert len(states) == 3


def test_the_search_takes_the_parameters_of_the_search_page(admin_client):
    make_entry(title="A", tags=["sea"], published=utc(2023, 1, 1))
    make_note(title="B", tags=["sea"], published=utc(2024, 1, 1))
    make_note(title="C", tags=["land"], published=utc(2024, 1, 1))

    assert shown(admin_client, "?type=note&tag=sea") == ["B"]
    assert shown(admin_client, "?year=2023") == ["A"]
    assert shown(admin_client, "?exclude.tag=sea") == ["C"]
    assert shown(admin_client, "?q=tag:sea type:entry") == ["A"]
    assert set(shown(admin_client)) == {"A", "B", "C"}


def test_each_filter_can_be_removed(admin_client):
    make_note(tags=["sea"])

    page = visit(admin_client, f"{PATH}?q=&tag=sea&year=2000")

    assert [pill["href"] for pill in page.select(".tag-pills a")] == [f"{PATH}?year=2000", f"{PATH}?tag=sea"]


def test_a_page_has_a_hundred_posts(admin_client):
    make_timeline(103)

    assert len(shown(admin_client)) == 100
    assert len(shown(admin_client, "?page=2")) == 3
    assert len(shown(admin_client, "?page=2&type=note")) == 25
    assert len(shown(admin_client, "?page=nonsense")) == 100


def test_tags_are_added_to_the_selected_posts(admin_client):
    first, second, third = (make_note(tags=["sea"]) for _ in range(3))

    response = send(admin_client, [first, second], 'salt, "a, b"', query="?tag=sea")

    assert response["Location"] == f"{PATH}?tag=sea"
    assert messages(admin_client, response) == ["Added “a, b”, “salt” to 2 posts."]
    assert names_by_post() == {
        first.pk: {"sea", "salt", "a, b"},
        second.pk: {"sea", "salt", "a, b"},
        third.pk: {"sea"},
    }
    assert found_by("salt") == {first.pk, second.pk}
    assert_counts_match()


def test_posts_that_were_already_tagged_are_counted_separately(admin_client):
    posts = [make_note(tags=["sea"]), make_note(is_draft=True)]

    assert messages(admin_client, send(admin_client, posts, "SEA")) == [
        "Added “SEA” to 1 post. 1 post was already tagged."
    ]
    assert [tag.name for tag in Tag.objects.all()] == ["sea"]


def test_tags_are_removed(admin_client):
    posts = [make_note(tags=["sea", "salt"]), make_note(tags=["salt"])]

    response = send(admin_client, posts, "sea", action="remove")

    assert messages(admin_client, response) == ["Removed “sea” from 1 post."]
    assert set(map(frozenset, names_by_post().values())) == {frozenset({"salt"})}
    assert found_by("sea") == set()
    assert_counts_match()


def test_tagging_does_not_change_the_post_rows(admin_client):
    posts = make_timeline(8)
    before = rows_of(Post)

    send(admin_client, posts, "sea")

    assert rows_of(Post) == before


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"posts": []}, "Select at least one post."),
        ({"tags": ""}, "Enter at least one tag."),
        ({"tags": "x" * 101}, "“" + "x" * 30 + "…” is too long: a tag can have at most 100 characters."),
        ({"tags": "no such", "action": "remove"}, "There is no tag “no such”."),
        ({"posts": ["4000"]}, "One of the selected posts no longer exists. Search again."),
        ({"posts": ["x"]}, "“x” is not a valid value."),
        ({"posts": ["9" * 30]}, "One of the selected posts no longer exists. Search again."),
        ({"action": "nonsense"}, "Select a valid choice. nonsense is not one of the available choices."),
        ({"action": ""}, "This field is required."),
    ],
)
def test_an_invalid_form_shows_an_error_and_changes_nothing(admin_client, data, message):
    post = make_note(tags=["sea"])

    response = admin_client.post(PATH, {"posts": [post.pk], "tags": "salt", "action": "add"} | data)

    assert errors(response) == [message]
    assert names_by_post() == {post.pk: {"sea"}}


def test_the_selection_survives_an_invalid_form(admin_client):
    post, _ = make_note(), make_note()

    page = parsed(send(admin_client, [post], ""))

    assert [box["value"] for box in page.select("[name=posts][checked]")] == [str(post.pk)]


def test_more_posts_than_on_a_page_are_refused(admin_client):
    assert errors(send(admin_client, make_timeline(101), "sea")) == [
        "Select at most 100 posts, or all that were found."
    ]


def test_more_than_ten_tags_are_refused(admin_client):
    names = ",".join(f"tag {n}" for n in range(11))

    assert errors(send(admin_client, [make_note()], names)) == ["Enter at most 10 tags at a time."]


# All posts found


def send_for_all(client, tags, query, action="add"):
    return client.post(f"{PATH}{query}", {"is_all": "on", "tags": tags, "action": action})


def test_all_posts_found_are_tagged_on_every_page(admin_client):
    found = make_timeline(103, tags=["sea"])
    other = make_note(tags=["land"])

    response = send_for_all(admin_client, "salt", "?tag=sea")

    assert messages(admin_client, response) == ["Added “salt” to 103 posts."]
    assert found_by("salt") == {post.pk for post in found}
    assert names_by_post()[other.pk] == {"land"}
    assert_counts_match()


def test_a_tag_is_removed_from_all_posts_found(admin_client):
    make_timeline(103, tags=["sea", "salt"])
    other = make_note(tags=["salt"])

    response = send_for_all(admin_client, "salt", "?tag=sea", action="remove")

    assert messages(admin_client, response) == ["Removed “salt” from 103 posts."]
    assert found_by("salt") == {other.pk}
    assert_counts_match()


def test_all_posts_are_limited_to_the_results_of_a_search(admin_client, monkeypatch):
    monkeypatch.setattr(results, "MAX_RESULTS", 5)
    newest = make_timeline(8)[-5:]

    send_for_all(admin_client, "salt", "")

    assert found_by("salt") == {post.pk for post in newest}


def test_all_posts_are_offered_if_there_is_more_than_a_page(admin_client):
    make_timeline(100)
    assert not visit(admin_client, PATH).select("[name=is_all]")

    make_note()

    [label] = visit(admin_client, PATH).select("label[for=is-all]")
    assert text(label) == "Change all 101 posts found, on every page"


def test_a_failure_changes_nothing(admin_client, monkeypatch):
    make_timeline(8, tags=["sea"])
    before = tag_rows()
    monkeypatch.setattr(SearchDocument, "sync_tags", mock.Mock(side_effect=RuntimeError))

    with pytest.raises(RuntimeError):
        send_for_all(admin_client, "salt", "?tag=sea")

    assert tag_rows() == before


# Permissions


@pytest.fixture
def allow(client, django_user_model):
    """Log in a staff user with only these permissions."""

    def allow(*permissions):
        user = django_user_model.objects.create_user("helper", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client.force_login(user)

    return allow


def test_the_permission_to_change_tags_alone_shows_no_posts(client, allow):
    post = make_note(title="Secret", is_draft=True)
    allow("change_tag", "add_tag")

    assert client.get(PATH).status_code == 403
    assert send(client, [post], "sea").status_code == 403
    assert send_for_all(client, "sea", "").status_code == 403
    assert names_by_post() == {post.pk: set()}


def test_only_posts_of_kinds_that_the_user_may_change_are_found_and_tagged(client, allow):
    note, entry = make_note(title="A note"), make_entry(title="An entry", is_draft=True)
    allow("change_tag", "add_tag", "change_note")

    assert shown(client) == ["A note"]
    assert errors(send(client, [note, entry], "sea")) == [
        "One of the selected posts no longer exists. Search again."
    ]
    send_for_all(client, "salt", "")
    assert names_by_post() == {note.pk: {"salt"}, entry.pk: set()}


def test_a_new_tag_needs_the_permission_to_add_tags(client, allow):
    post = make_note(tags=["sea"])
    allow("change_tag", "change_note")

    assert errors(send(client, [post], "salt")) == ["There is no tag “salt”."]
    assert send(client, [make_note()], "sea").status_code == 302
    assert not Tag.objects.filter(name="salt").exists()


# Queries


def test_many_posts_need_few_queries(admin_client, django_assert_max_num_queries):
    posts = make_timeline(80)
    path = f"{PATH}?q=note&tag=ant"

    # Session, user, edition, site; the tag by its name, what was found and how well, the posts, their tags.
    with django_assert_max_num_queries(10):
        visit(admin_client, path)

    with django_assert_max_num_queries(40):
        send(admin_client, posts, "sea, salt")
