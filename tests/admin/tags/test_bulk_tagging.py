"""Tags put on, and taken from, many posts that a search finds."""

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


def told(client, response):
    assert response.status_code == 302
    return texts(visit(client, response["Location"]), ".messagelist li")


def errors(response):
    assert response.status_code == 200
    return texts(parsed(response), ".errorlist li")


@pytest.mark.parametrize("make", FACTORIES.values(), ids=FACTORIES)
def test_posts_of_every_kind_are_found_drafts_and_scheduled_ones_too(admin_client, make):
    make(body="sea", published=utc(2024, 6, 1))
    make(body="sea", is_draft=True, published=utc(2024, 6, 2))
    make(body="sea", published=timezone.now() + timedelta(days=1))
    make(body="land")

    page = visit(admin_client, f"{PATH}?q=sea")

    states = [text(item.select_one(".quiet")) for item in page.select(".bulk-posts li")]
    assert ["waiting" in states[0], "draft" in states[1], "2024" in states[2]] == [True, True, True]
    assert len(states) == 3


def test_the_parameters_are_those_of_the_search_page(admin_client):
    make_entry(title="A", tags=["sea"], published=utc(2023, 1, 1))
    make_note(title="B", tags=["sea"], published=utc(2024, 1, 1))
    make_note(title="C", tags=["land"], published=utc(2024, 1, 1))

    assert shown(admin_client, "?type=note&tag=sea") == ["B"]
    assert shown(admin_client, "?year=2023") == ["A"]
    assert shown(admin_client, "?exclude.tag=sea") == ["C"]
    assert shown(admin_client, "?q=tag:sea type:entry") == ["A"]
    assert set(shown(admin_client)) == {"A", "B", "C"}


def test_what_narrows_the_search_can_be_removed(admin_client):
    make_note(tags=["sea"])

    page = visit(admin_client, f"{PATH}?q=&tag=sea&year=2000")

    assert [pill["href"] for pill in page.select(".tag-pills a")] == [f"{PATH}?year=2000", f"{PATH}?tag=sea"]


def test_there_are_a_hundred_on_a_page(admin_client):
    make_timeline(103)

    assert len(shown(admin_client)) == 100
    assert len(shown(admin_client, "?page=2")) == 3
    assert len(shown(admin_client, "?page=2&type=note")) == 25
    assert len(shown(admin_client, "?page=nonsense")) == 100


def test_tags_are_added_to_the_posts_that_are_selected(admin_client):
    first, second, third = (make_note(tags=["sea"]) for _ in range(3))

    response = send(admin_client, [first, second], 'salt, "a, b"', query="?tag=sea")

    assert response["Location"] == f"{PATH}?tag=sea"
    assert told(admin_client, response) == ["Added “a, b”, “salt” to 2 posts."]
    assert names_by_post() == {
        first.pk: {"sea", "salt", "a, b"},
        second.pk: {"sea", "salt", "a, b"},
        third.pk: {"sea"},
    }
    assert found_by("salt") == {first.pk, second.pk}
    assert_counts_match()


def test_posts_that_had_the_tag_are_told_apart(admin_client):
    posts = [make_note(tags=["sea"]), make_note(is_draft=True)]

    assert told(admin_client, send(admin_client, posts, "SEA")) == [
        "Added “SEA” to 1 post. 1 post had it already."
    ]
    assert [tag.name for tag in Tag.objects.all()] == ["sea"]


def test_tags_are_removed(admin_client):
    posts = [make_note(tags=["sea", "salt"]), make_note(tags=["salt"])]

    response = send(admin_client, posts, "sea", action="remove")

    assert told(admin_client, response) == ["Removed “sea” from 1 post."]
    assert set(map(frozenset, names_by_post().values())) == {frozenset({"salt"})}
    assert found_by("sea") == set()
    assert_counts_match()


def test_no_post_is_touched(admin_client):
    posts = make_timeline(8)
    before = rows_of(Post)

    send(admin_client, posts, "sea")

    assert rows_of(Post) == before


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"posts": []}, "Select the posts."),
        ({"tags": ""}, "Say which tags."),
        ({"tags": "x" * 101}, "“" + "x" * 30 + "…” is longer than 100 characters."),
        ({"tags": "no such", "action": "remove"}, "There is no tag “no such”."),
        ({"posts": ["4000"]}, "One of the posts is not there any more."),
        ({"posts": ["x"]}, "“x” is not a valid value."),
        ({"posts": ["9" * 30]}, "One of the posts is not there any more."),
        ({"action": "nonsense"}, "Select a valid choice. nonsense is not one of the available choices."),
        ({"action": ""}, "This field is required."),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_changes(admin_client, data, says):
    post = make_note(tags=["sea"])

    response = admin_client.post(PATH, {"posts": [post.pk], "tags": "salt", "action": "add"} | data)

    assert errors(response) == [says]
    assert names_by_post() == {post.pk: {"sea"}}


def test_after_a_mistake_the_selection_is_kept(admin_client):
    post, _ = make_note(), make_note()

    page = parsed(send(admin_client, [post], ""))

    assert [box["value"] for box in page.select("[name=posts][checked]")] == [str(post.pk)]


def test_more_posts_than_a_page_has_are_refused(admin_client):
    assert errors(send(admin_client, make_timeline(101), "sea")) == [
        "At most 100 posts at once, unless it is all that were found."
    ]


def test_more_than_ten_tags_are_refused(admin_client):
    names = ",".join(f"tag {n}" for n in range(11))

    assert errors(send(admin_client, [make_note()], names)) == ["At most 10 tags at once."]


# All that were found


def send_for_all(client, tags, query, action="add"):
    return client.post(f"{PATH}{query}", {"is_all": "on", "tags": tags, "action": action})


def test_all_that_a_search_finds_are_tagged_on_every_page(admin_client):
    found = make_timeline(103, tags=["sea"])
    other = make_note(tags=["land"])

    response = send_for_all(admin_client, "salt", "?tag=sea")

    assert told(admin_client, response) == ["Added “salt” to 103 posts."]
    assert found_by("salt") == {post.pk for post in found}
    assert names_by_post()[other.pk] == {"land"}
    assert_counts_match()


def test_a_tag_is_taken_from_all_that_were_found(admin_client):
    make_timeline(103, tags=["sea", "salt"])
    other = make_note(tags=["salt"])

    response = send_for_all(admin_client, "salt", "?tag=sea", action="remove")

    assert told(admin_client, response) == ["Removed “salt” from 103 posts."]
    assert found_by("salt") == {other.pk}
    assert_counts_match()


def test_all_are_at_most_as_many_as_a_search_looks_at(admin_client, monkeypatch):
    monkeypatch.setattr(results, "MAX_RESULTS", 5)
    newest = make_timeline(8)[-5:]

    send_for_all(admin_client, "salt", "")

    assert found_by("salt") == {post.pk for post in newest}


def test_all_are_offered_where_there_are_more_than_a_page(admin_client):
    make_timeline(100)
    assert not visit(admin_client, PATH).select("[name=is_all]")

    make_note()

    [label] = visit(admin_client, PATH).select("label[for=is-all]")
    assert text(label) == "Not only the selected ones: all 101 of these posts, on every page"


def test_all_or_nothing(admin_client, monkeypatch):
    make_timeline(8, tags=["sea"])
    before = tag_rows()
    monkeypatch.setattr(SearchDocument, "sync_tags", mock.Mock(side_effect=RuntimeError))

    with pytest.raises(RuntimeError):
        send_for_all(admin_client, "salt", "?tag=sea")

    assert tag_rows() == before


# Who may


@pytest.fixture
def allow(client, django_user_model):
    """Log in somebody of the staff who may do only this."""

    def allow(*permissions):
        user = django_user_model.objects.create_user("helper", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client.force_login(user)

    return allow


def test_who_may_only_change_tags_sees_no_post_and_tags_none(client, allow):
    post = make_note(title="Secret", is_draft=True)
    allow("change_tag", "add_tag")

    assert client.get(PATH).status_code == 403
    assert send(client, [post], "sea").status_code == 403
    assert send_for_all(client, "sea", "").status_code == 403
    assert names_by_post() == {post.pk: set()}


def test_only_posts_of_the_kinds_that_one_may_change_are_found_and_tagged(client, allow):
    note, entry = make_note(title="A note"), make_entry(title="An entry", is_draft=True)
    allow("change_tag", "add_tag", "change_note")

    assert shown(client) == ["A note"]
    assert errors(send(client, [note, entry], "sea")) == ["One of the posts is not there any more."]
    send_for_all(client, "salt", "")
    assert names_by_post() == {note.pk: {"salt"}, entry.pk: set()}


def test_making_a_tag_takes_the_permission_for_it(client, allow):
    post = make_note(tags=["sea"])
    allow("change_tag", "change_note")

    assert errors(send(client, [post], "salt")) == ["There is no tag “salt”."]
    assert send(client, [make_note()], "sea").status_code == 302
    assert not Tag.objects.filter(name="salt").exists()


# The cost


def test_queries_are_few_for_many_posts(admin_client, django_assert_max_num_queries):
    posts = make_timeline(80)
    path = f"{PATH}?q=note&tag=ant"

    # Session, user, edition, site; the tag by its name, what was found and how well, the posts, their tags.
    with django_assert_max_num_queries(10):
        visit(admin_client, path)

    with django_assert_max_num_queries(37):
        send(admin_client, posts, "sea, salt")
