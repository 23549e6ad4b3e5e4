"""What the forms of posts are told before they are sent."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from blog.models import Image, Post, PreviousTagName
from blog.remote.fetching import Response
from tests.factories import FACTORIES, make_blogmark, make_entry, make_note, make_tag, set_site, utc
from tests.helpers.browsing import visit

pytestmark = pytest.mark.django_db

NOW = utc(2024, 6, 8, 21, 43)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """The links that were looked at; every one leads where it says."""
    asked = []

    def fetch(url):
        asked.append(url)
        return Response(url, "text/html", b"")

    monkeypatch.setattr("blog.remote.link_check.fetch", fetch)
    return asked


def send(client, kind, values):
    url = reverse(f"admin:blog_{kind}_check")
    return client.post(url, json.dumps(values), content_type="application/json")


def messages(client, kind, **values):
    return [point["message"] for point in send(client, kind, values).json()["points"]]


@pytest.mark.parametrize("kind", Post.kinds())
def test_the_form_of_every_kind_knows_where_to_ask(admin_client, kind):
    path = f"/admin/blog/{kind}/check/"

    [body] = visit(admin_client, reverse(f"admin:blog_{kind}_add")).select("textarea[name=body]")

    assert body["data-publish-check"] == path
    assert send(admin_client, kind, {}).status_code == 200


def test_points_say_where_they_are_and_how_they_are_mended(admin_client):
    [point] = send(admin_client, "note", {"body": "See ![](/a.png)"}).json()["points"]

    assert point == {
        "message": "A picture has no alt text: say what it shows.",
        "field": "body",
        "words": "![](/a.png)",
        "at": 4,
        "mend": {
            "label": "It only decorates",
            "field": "body",
            "text": '<img src="/a.png" alt="">',
            "replaces": "![](/a.png)",
        },
    }


def test_tags_are_compared_with_those_in_use_and_former_ones(admin_client):
    PreviousTagName.objects.create(name="watercraft", tag=make_tag("boat"))

    assert messages(admin_client, "note", tags="boats, watercraft, river") == [
        "The tag “boats” is new, and there is “boat”."
    ]


@pytest.mark.parametrize("typed", [{"title": "Rain"}, {"title": "Other", "slug": "rain"}])
def test_a_slug_taken_that_day_says_which_one_is_free(admin_client, typed):
    make_entry(title="Rain", published=NOW)

    [message] = messages(admin_client, "note", **typed)

    assert "The entry “Rain”" in message
    assert ("rain-2" in message) or "slug" in typed


def test_a_slug_of_another_day_is_free(admin_client):
    make_entry(title="Rain", published=NOW)
    day = {"published_0": "2024-06-09", "published_1": "12:00:00"}

    assert messages(admin_client, "note", title="Rain", **day) == []


def test_the_day_is_that_of_the_site(admin_client):
    set_site(time_zone="Asia/Tokyo")
    make_entry(title="Rain", published=utc(2024, 6, 9, 3))

    assert len(messages(admin_client, "note", title="Rain")) == 1


def test_a_post_is_not_in_its_own_way(admin_client):
    for fields in ({"published": NOW}, {"is_draft": True}):
        post = make_entry(title="Rain", slug="rain", **fields)

        assert messages(admin_client, "entry", pk=str(post.pk), title="Rain", slug="rain") == []
        post.delete()


def test_of_a_public_post_only_what_its_change_brings_is_told(admin_client, asked):
    """Whoever mends a typing error is not asked about links of years ago, nor waits for them."""
    old = "![](/a.png) [a](https://a.example/)"
    post = make_blogmark(body=old, link_url="https://b.example/", published=NOW)
    values = {"pk": str(post.pk), "link_url": post.link_url, "link_title": "Mended"}

    assert messages(admin_client, "blogmark", body=f"{old} Mended.", **values) == []
    assert asked == []
    body = f"{old} ![](/c.png) [c](https://c.example/)"
    assert messages(admin_client, "blogmark", body=body, **values) == [
        "A picture has no alt text: say what it shows."
    ]
    assert asked == ["https://c.example/"]


def test_of_a_draft_everything_is_told(admin_client, asked):
    body = "![](/a.png) [a](https://a.example/)"
    post = make_note(body=body, is_draft=True)

    assert len(messages(admin_client, "note", pk=str(post.pk), body=body)) == 1
    assert asked == ["https://a.example/"]


def test_links_of_the_text_and_of_the_fields_are_looked_at(admin_client, asked):
    body = "[a](https://a.example/) [b](/here/) [c](mailto:c@example.com)"

    send(admin_client, "blogmark", {"link_url": "https://b.example/", "via_url": "", "body": body})

    assert sorted(asked) == ["https://a.example/", "https://b.example/"]


def test_a_referrer_suggests_a_via(admin_client):
    values = {"link_url": "https://a.example/", "referrer": "https://b.example/"}

    assert messages(admin_client, "blogmark", **values) == ["You seem to have found it through b.example."]


@pytest.mark.parametrize("content", ["", "[]", "{", "null", '"a"', "\xff"])
def test_what_is_no_form_is_refused(admin_client, content):
    path = reverse("admin:blog_note_check")

    assert admin_client.post(path, content, content_type="application/json").status_code == 400


@pytest.mark.parametrize("value", ["\0", "x" * 100_000, "2024-99-99", "9" * 30, "\ud800"])
@pytest.mark.parametrize(
    "field", ["body", "title", "slug", "published_0", "pk", "tags", "format", "link_url"]
)
def test_odd_values_are_no_errors(admin_client, field, value):
    assert send(admin_client, "blogmark", {field: value}).status_code == 200


def test_it_asks_few_queries_whatever_is_there(admin_client, django_assert_max_num_queries):
    for kind, make in FACTORIES.items():
        make(tags=[f"tag-{kind}-{n}" for n in range(5)], title="Rain", published=NOW)

    with django_assert_max_num_queries(10):
        send(
            admin_client,
            "note",
            {
                "pk": str(Post.objects.get(kind="note").pk),
                "title": "Rain",
                "body": "![](/a.png)" * 20,
                "tags": "a, b, c, d",
            },
        )


def test_nothing_is_stored(admin_client):
    send(admin_client, "note", {"title": "Rain", "body": "Words", "tags": "new"})

    assert not Post.objects.exists()
    assert not Image.objects.exists()


def test_it_is_for_authors(client, django_user_model, give, asked):
    values = {"body": "[a](https://a.example/)"}
    assert send(client, "note", values).status_code == 401

    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    assert send(client, "note", values).status_code == 403
    assert asked == []

    give("helper", "add_note")
    assert send(client, "note", values).status_code == 200


def test_another_site_cannot_ask(admin_user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)

    assert send(client, "note", {}).status_code == 403


def test_asking_is_no_reading(admin_client):
    assert admin_client.get(reverse("admin:blog_note_check")).status_code == 405
