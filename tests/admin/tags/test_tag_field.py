"""The tags field of the post forms."""

import pytest
from django.urls import reverse

from blog.models import Tag
from tests.factories import make_note, make_tag
from tests.helpers.browsing import fill_in, parse, texts, visit
from tests.helpers.writing import edit, write

pytestmark = pytest.mark.django_db


def names(post):
    return [tag.name for tag in post.tags.all()]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", []),
        ("sea", ["sea"]),
        ("sea, wind", ["sea", "wind"]),
        ("sea,wind,,", ["sea", "wind"]),
        ("machine learning, sea", ["machine learning", "sea"]),
        ("machine learning", ["machine learning"]),
        ('"salt, sweet", sea', ["salt, sweet", "sea"]),
        ("C++, C#", ["C#", "C++"]),
        ("sea, Sea, SEA", ["sea"]),
        ("größe, 🎉", ["größe", "🎉"]),
    ],
)
def test_tags_are_separated_by_commas(admin_client, typed, stored):
    post = write(admin_client, "note", tags=typed)

    assert [name.lower() for name in names(post)] == [name.lower() for name in stored]


def test_existing_tags_are_used_in_any_case_and_new_ones_created(admin_client):
    make_tag("SQLite")

    post = write(admin_client, "note", tags="sqlite, sea")

    assert names(post) == ["SQLite", "sea"]
    assert Tag.objects.count() == 2


def test_tags_can_be_replaced_and_removed(admin_client):
    post = make_note(tags=["machine learning", "sea"])

    post = edit(admin_client, post, tags="sea, wind")

    assert names(post) == ["sea", "wind"]


@pytest.mark.parametrize("odd", ["salt, sweet", "machine learning", "C++", 'a "quoted" one'])
def test_unusual_tags_survive_an_edit_of_the_post(admin_client, odd):
    post = make_note(tags=[odd, "sea"])

    post = edit(admin_client, post, body="Changed.")

    assert set(names(post)) == {odd, "sea"}


def test_a_tag_that_is_too_long_is_refused(admin_client):
    path = reverse("admin:blog_note_add")
    [form] = visit(admin_client, path).select("#note_form")

    response = admin_client.post(path, fill_in(form, body="It rains.", tags="sea, " + "x" * 101))

    assert "100 characters" in texts(parse(response), ".field-tags .errorlist li")[0]
