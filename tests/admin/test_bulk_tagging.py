"""Tags put on, and taken from, many posts that a search finds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import Post, Tag
from tests.browsing import parse as parsed
from tests.browsing import text, texts, visit
from tests.factories import FACTORIES, make_entry, make_note, make_timeline, utc
from tests.tagging import assert_kept_right, found_by, names_by_post, rows_of

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
    assert_kept_right()


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
    assert_kept_right()


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
    assert errors(send(admin_client, make_timeline(101), "sea")) == ["At most 100 posts at once."]


def test_queries_are_few_for_many_posts(admin_client, django_assert_max_num_queries):
    posts = make_timeline(80)
    path = f"{PATH}?q=note&tag=ant"

    # Session, user, site; the tag by its name, what was found and how well, the posts, their tags.
    with django_assert_max_num_queries(8):
        visit(admin_client, path)

    with django_assert_max_num_queries(34):
        send(admin_client, posts, "sea, salt")
