"""The tag suggestions for an author who is typing."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from blog.models import Tag
from tests.factories import make_note, make_tag
from tests.helpers.browsing import visit

pytestmark = pytest.mark.django_db
PATH = "/admin/blog/tag/suggestions/"


def suggested(client, text):
    response = client.get(PATH, {"q": text})
    assert response.status_code == 200
    return [tag["name"] for tag in response.json()["tags"]]


@pytest.fixture
def _tags():
    for name, uses in {"sea": 3, "seagull": 7, "sea salt": 1, "the sea": 9, "land": 5, "C++": 2}.items():
        make_tag(name)
        Tag.objects.filter(name=name).update(uses=uses)


@pytest.mark.usefixtures("_tags")
@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("sea", ["seagull", "sea", "sea salt", "the sea"]),
        ("SEA", ["seagull", "sea", "sea salt", "the sea"]),
        ("sea-s", ["sea salt"]),
        (" land ", ["land"]),
        ("c+", ["C++"]),
        ("", []),
        ("  ", []),
        ("%", []),
        ("_", []),
        ("x" * 100_000, []),
    ],
)
def test_names_with_the_prefix_come_first_sorted_by_use(admin_client, typed, names):
    assert suggested(admin_client, typed) == names


def test_non_ascii_letters_match_in_any_case(admin_client):
    make_tag("Größe")
    make_tag("Übermut")

    assert suggested(admin_client, "größ") == ["Größe"]
    assert suggested(admin_client, "über") == ["Übermut"]


def test_a_former_name_suggests_the_current_one(admin_client):
    make_tag("js").rename("JavaScript")

    assert suggested(admin_client, "js") == ["JavaScript"]


def test_there_are_at_most_ten_suggestions(admin_client):
    make_note(tags=[f"sea {n}" for n in range(15)])

    assert len(suggested(admin_client, "sea")) == 10


def test_suggestions_have_the_number_of_uses(admin_client):
    make_note(tags=["sea"])

    assert admin_client.get(PATH, {"q": "s"}).json() == {"tags": [{"name": "sea", "uses": 1}]}


def test_the_suggestions_take_one_query(admin_client, django_assert_num_queries):
    make_note(tags=[f"sea {n}" for n in range(15)])
    admin_client.get(PATH)

    # The session and user, the site's settings, the tags.
    with django_assert_num_queries(4):
        suggested(admin_client, "sea")


def test_suggestions_are_not_cached(admin_client):
    assert "no-store" in admin_client.get(PATH)["Cache-Control"]


def test_visitors_get_401_as_json(client):
    response = client.get(PATH, {"q": "sea"})

    assert (response.status_code, response.json()) == (
        401,
        {"error": "You are logged out. Log in in another window, then try again."},
    )
    assert "no-store" in response["Cache-Control"]


def test_users_who_are_not_staff_get_403_as_json(client):
    client.force_login(get_user_model().objects.create_user("reader"))

    response = client.get(PATH, {"q": "sea"})

    assert (response.status_code, response.json()) == (
        403,
        {"error": "You don't have permission to do this."},
    )


def test_the_endpoint_accepts_only_get(admin_client):
    assert admin_client.post(PATH).status_code == 405


def test_the_post_forms_have_the_url_of_the_suggestions(admin_client):
    [field] = visit(admin_client, reverse("admin:blog_note_add")).select("#id_tags")

    assert field["data-tag-suggestions"] == PATH
