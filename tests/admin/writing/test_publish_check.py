"""The endpoint that the post forms send their fields to before they are submitted."""

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
def fetched(monkeypatch):
    """The URLs that the link check fetched. None of them redirects."""
    fetched = []

    def fetch(url):
        fetched.append(url)
        return Response(url, "text/html", b"")

    monkeypatch.setattr("blog.remote.link_check.fetch", fetch)
    return fetched


def send(client, kind, values):
    url = reverse(f"admin:blog_{kind}_check")
    return client.post(url, json.dumps(values), content_type="application/json")


def messages(client, kind, **values):
    return [finding["message"] for finding in send(client, kind, values).json()["findings"]]


@pytest.mark.parametrize("kind", Post.kinds())
def test_the_form_of_every_kind_has_the_url_of_its_check(admin_client, kind):
    path = f"/admin/blog/{kind}/check/"

    [body] = visit(admin_client, reverse(f"admin:blog_{kind}_add")).select("textarea[name=body]")

    assert body["data-publish-check"] == path
    assert send(admin_client, kind, {}).status_code == 200


def test_findings_have_a_position_and_a_fix(admin_client):
    [finding] = send(admin_client, "note", {"body": "See ![](/a.png)"}).json()["findings"]

    assert finding == {
        "message": "An image has no alt text. Describe what it shows.",
        "field": "body",
        "excerpt": "![](/a.png)",
        "position": 4,
        "fix": {
            "label": "Mark as decorative",
            "field": "body",
            "text": '<img src="/a.png" alt="">',
            "replaces": "![](/a.png)",
        },
    }


def test_tags_are_compared_with_current_and_former_names(admin_client):
    PreviousTagName.objects.create(name="watercraft", tag=make_tag("boat"))

    assert messages(admin_client, "note", tags="boats, watercraft, river") == [
        "The tag “boats” is new. Did you mean “boat”?"
    ]


@pytest.mark.parametrize("typed", [{"title": "Rain"}, {"title": "Other", "slug": "rain"}])
def test_a_slug_taken_on_that_day_comes_with_an_unused_one(admin_client, typed):
    make_entry(title="Rain", published=NOW)

    [message] = messages(admin_client, "note", **typed)

    assert "The entry “Rain”" in message
    assert ("rain-2" in message) or "slug" in typed


def test_a_slug_taken_on_another_day_is_free(admin_client):
    make_entry(title="Rain", published=NOW)
    day = {"published_0": "2024-06-09", "published_1": "12:00:00"}

    assert messages(admin_client, "note", title="Rain", **day) == []


def test_the_day_is_in_the_time_zone_of_the_site(admin_client):
    set_site(time_zone="Asia/Tokyo")
    make_entry(title="Rain", published=utc(2024, 6, 9, 3))

    assert len(messages(admin_client, "note", title="Rain")) == 1


def test_a_post_does_not_conflict_with_its_own_slug(admin_client):
    for fields in ({"published": NOW}, {"is_draft": True}):
        post = make_entry(title="Rain", slug="rain", **fields)

        assert messages(admin_client, "entry", pk=str(post.pk), title="Rain", slug="rain") == []
        post.delete()


def test_a_public_post_gets_only_findings_that_its_change_introduces(admin_client, fetched):
    """Fixing a typo raises no questions about links of years ago, and waits for none of them."""
    old = "![](/a.png) [a](https://a.example/)"
    post = make_blogmark(body=old, link_url="https://b.example/", published=NOW)
    values = {"pk": str(post.pk), "link_url": post.link_url, "link_title": "Fixed"}

    assert messages(admin_client, "blogmark", body=f"{old} Fixed.", **values) == []
    assert fetched == []
    body = f"{old} ![](/c.png) [c](https://c.example/)"
    assert messages(admin_client, "blogmark", body=body, **values) == [
        "An image has no alt text. Describe what it shows."
    ]
    assert fetched == ["https://c.example/"]


def test_a_draft_gets_all_findings(admin_client, fetched):
    body = "![](/a.png) [a](https://a.example/)"
    post = make_note(body=body, is_draft=True)

    assert len(messages(admin_client, "note", pk=str(post.pk), body=body)) == 1
    assert fetched == ["https://a.example/"]


def test_links_in_the_text_and_in_the_fields_are_checked(admin_client, fetched):
    body = "[a](https://a.example/) [b](/here/) [c](mailto:c@example.com)"

    send(admin_client, "blogmark", {"link_url": "https://b.example/", "via_url": "", "body": body})

    assert sorted(fetched) == ["https://a.example/", "https://b.example/"]


def test_a_referrer_suggests_a_via(admin_client):
    values = {"link_url": "https://a.example/", "referrer": "https://b.example/"}

    assert messages(admin_client, "blogmark", **values) == ["You seem to have found this through b.example."]


@pytest.mark.parametrize("content", ["", "[]", "{", "null", '"a"', "\xff"])
def test_a_malformed_body_is_a_bad_request(admin_client, content):
    path = reverse("admin:blog_note_check")

    assert admin_client.post(path, content, content_type="application/json").status_code == 400


@pytest.mark.parametrize("value", ["\0", "x" * 100_000, "2024-99-99", "9" * 30, "\ud800"])
@pytest.mark.parametrize(
    "field", ["body", "title", "slug", "published_0", "pk", "tags", "format", "link_url"]
)
def test_odd_values_do_not_fail(admin_client, field, value):
    assert send(admin_client, "blogmark", {field: value}).status_code == 200


def test_the_check_runs_few_queries(admin_client, django_assert_max_num_queries):
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


def test_the_check_stores_nothing(admin_client):
    send(admin_client, "note", {"title": "Rain", "body": "Words", "tags": "new"})

    assert not Post.objects.exists()
    assert not Image.objects.exists()


def test_the_check_is_for_authors_only(client, django_user_model, give, fetched):
    values = {"body": "[a](https://a.example/)"}
    assert send(client, "note", values).status_code == 401

    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    assert send(client, "note", values).status_code == 403
    assert fetched == []

    give("helper", "add_note")
    assert send(client, "note", values).status_code == 200


def test_the_check_needs_a_csrf_token(admin_user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)

    assert send(client, "note", {}).status_code == 403


def test_the_check_does_not_answer_get(admin_client):
    assert admin_client.get(reverse("admin:blog_note_check")).status_code == 405
