"""What is suggested to an author who is typing a tag."""

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
def test_names_that_begin_so_come_first_and_of_those_the_most_used(admin_client, typed, names):
    assert suggested(admin_client, typed) == names


def test_letters_of_any_language_are_found_in_any_case(admin_client):
    make_tag("Größe")
    make_tag("Übermut")

    assert suggested(admin_client, "größ") == ["Größe"]
    assert suggested(admin_client, "über") == ["Übermut"]


def test_a_former_name_suggests_the_tag_by_its_name_now(admin_client):
    make_tag("js").rename("JavaScript")

    assert suggested(admin_client, "js") == ["JavaScript"]


def test_there_are_ten_at_most(admin_client):
    make_note(tags=[f"sea {n}" for n in range(15)])

    assert len(suggested(admin_client, "sea")) == 10


def test_the_number_of_uses_is_told(admin_client):
    make_note(tags=["sea"])

    assert admin_client.get(PATH, {"q": "s"}).json() == {"tags": [{"name": "sea", "uses": 1}]}


def test_one_query_answers(admin_client, django_assert_num_queries):
    make_note(tags=[f"sea {n}" for n in range(15)])
    admin_client.get(PATH)

    # Who asks (session and user), the site's settings, the tags.
    with django_assert_num_queries(4):
        suggested(admin_client, "sea")


def test_nothing_is_stored_by_browsers(admin_client):
    assert "no-store" in admin_client.get(PATH)["Cache-Control"]


def test_who_is_not_logged_in_is_told_so_in_json(client):
    response = client.get(PATH, {"q": "sea"})

    assert (response.status_code, response.json()) == (
        401,
        {"error": "You are logged out. Log in, in another window."},
    )
    assert "no-store" in response["Cache-Control"]


def test_who_is_not_staff_is_told_so_in_json(client):
    client.force_login(get_user_model().objects.create_user("reader"))

    response = client.get(PATH, {"q": "sea"})

    assert (response.status_code, response.json()) == (403, {"error": "You may not do that."})


def test_it_only_reads(admin_client):
    assert admin_client.post(PATH).status_code == 405


def test_the_forms_of_posts_ask_there(admin_client):
    [field] = visit(admin_client, reverse("admin:blog_note_add")).select("#id_tags")

    assert field["data-tag-suggestions"] == PATH
