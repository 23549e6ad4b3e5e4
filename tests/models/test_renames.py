"""A renamed tag keeps its posts, and its former URLs redirect to it."""

import pytest
from django.core.exceptions import ValidationError

from blog.models import Post, PreviousTagName, Tag, Tagging
from tests.factories import make_entry, make_note, make_tag, make_timeline
from tests.helpers.tagging import assert_counts_match, found_by, rows_of

pytestmark = pytest.mark.django_db


def rename(old, new, slug=""):
    tag = Tag.objects.get(name=old)
    tag.rename(new, slug)
    return tag


def former_names():
    return dict(PreviousTagName.objects.values_list("name", "tag__name"))


def test_the_former_url_redirects_to_the_new_one_directly(client):
    make_note(tags=["js"])

    rename("js", "JavaScript")

    response = client.get("/tags/js/?page=1")
    assert (response.status_code, response["Location"]) == (301, "/tags/javascript/?page=1")
    assert client.get("/tags/javascript/").status_code == 200


def test_the_feed_of_the_former_name_redirects_to_the_feed(client):
    make_note(tags=["js"])

    rename("js", "JavaScript")

    assert client.get("/tags/js.atom")["Location"] == "/tags/javascript.atom"


def test_former_name_and_slug_are_both_recorded():
    make_tag("C++")

    rename("C++", "cpp")

    assert former_names() == {"C++": "cpp", "c-plus-plus": "cpp"}


def test_both_former_names_of_a_tag_renamed_twice_redirect_directly(client):
    make_note(tags=["a"])

    rename("a", "b")
    rename("b", "c")

    assert client.get("/tags/a/")["Location"] == "/tags/c/"
    assert client.get("/tags/b/")["Location"] == "/tags/c/"


def test_a_name_taken_back_is_no_former_name():
    make_tag("a")

    rename("a", "b")
    rename("b", "a")

    assert former_names() == {"b": "a"}


def test_a_new_tag_with_the_former_name_wins_over_the_redirect(client):
    make_note(tags=["a"])
    rename("a", "b")

    make_note(tags=["a"])

    assert client.get("/tags/a/").status_code == 200


def test_a_name_that_two_tags_had_redirects_to_the_last_one(client):
    make_note(tags=["a"])
    rename("a", "b")
    make_note(tags=["a"])

    rename("a", "c")

    assert former_names() == {"a": "c"}
    assert client.get("/tags/a/")["Location"] == "/tags/c/"


def test_taking_a_former_name_of_another_tag_ends_its_redirect():
    make_tag("a")
    make_tag("x")
    rename("a", "b")

    rename("x", "A")

    assert former_names() == {"x": "A"}


def test_a_change_of_case_records_no_former_name():
    make_tag("sqlite")

    rename("sqlite", "SQLite")

    assert former_names() == {}


def test_changing_only_the_slug_redirects_from_the_former_one(client):
    make_note(tags=["go"])

    rename("go", "go", slug="golang")

    assert former_names() == {}
    assert client.get("/tags/go/")["Location"] == "/tags/golang/"


def test_search_finds_posts_by_the_new_name_only():
    post = make_entry(title="Waves", tags=["ocean"])

    rename("ocean", "sea")

    assert found_by("sea") == found_by("tag:sea") == {post.pk}
    assert found_by("ocean") == set()


def test_the_tag_operator_accepts_the_former_name():
    post = make_entry(tags=["ocean"])

    rename("ocean", "sea")

    assert found_by("tag:ocean") == {post.pk}


def test_no_post_or_tagging_changes():
    make_timeline(6)
    before = rows_of(Post, Tagging)

    rename("ant", "wasp")

    assert rows_of(Post, Tagging) == before
    assert_counts_match()


def test_saving_a_stale_tag_keeps_its_counts():
    tag = make_tag("sea")
    make_note(tags=["sea"])

    tag.description = "Salt water."
    tag.save()

    assert Tag.objects.get().uses == 1


def test_the_number_of_queries_does_not_grow_with_the_posts(django_assert_max_num_queries):
    make_timeline(60)
    tag = Tag.objects.get(name="ant")

    with django_assert_max_num_queries(22):
        tag.rename("wasp")


def test_a_slug_that_is_taken_gets_a_number():
    make_tag("a b")
    make_tag("x")

    assert rename("x", "a-b").slug == "a-b_1"


@pytest.mark.parametrize("name", ["BEE", "x" * 101, "a\x07b"])
def test_unusable_names_are_refused(name):
    make_tag("bee")
    tag = make_tag("ant")

    tag.name = name

    with pytest.raises(ValidationError):
        tag.full_clean()


def test_a_name_in_another_case_finds_the_existing_tag():
    make_tag("Äpfel")

    found = Tag.objects.get_or_create_by_name(["äpfel", "birnen", "Birnen"])

    assert found["äpfel"].name == "Äpfel"
    assert found["birnen"] == found["Birnen"]
    assert Tag.objects.count() == 2


def test_an_exact_match_wins_over_one_in_another_case():
    upper, lower = make_tag("Go"), make_tag("go")

    assert Tag.objects.by_name(["go", "Go"]) == {"go": lower, "Go": upper}


def test_many_tags_are_looked_up_in_one_query(django_assert_max_num_queries):
    names = [f"tag {n}" for n in range(50)]
    post = make_note(tags=names)

    with django_assert_max_num_queries(13):
        post.tags.set(names)
