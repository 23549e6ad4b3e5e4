"""The tag clean-up page, which lists tags that could be merged."""

from itertools import combinations

import pytest

from blog.authoring.tag_clean_up import same_posts
from blog.models import Tag
from tests.factories import make_note, make_tag
from tests.helpers.browsing import text, texts, visit

pytestmark = pytest.mark.django_db
PATH = "/admin/blog/tag/clean-up/"


def groups(page, section):
    """The text of each group, without the link to its merge."""
    return [text(item).removesuffix(" Merge…") for item in page.select(f"#{section} .tag-groups li")]


def test_similar_names_are_linked_to_their_merge(admin_client):
    make_note(tags=["javascript"])
    make_note(tags=["javascript", "JavaScripts"])
    make_tag("land")

    page = visit(admin_client, PATH)

    assert groups(page, "alike") == ["javascript 2, JavaScripts 1 · Singular and plural"]
    merge = visit(admin_client, page.select_one("#alike .tag-merge")["href"])
    assert texts(merge, ".tag-preview h2") == ["JavaScripts into javascript"]


def test_tags_used_once_are_paginated(admin_client):
    make_note(tags=[f"tag no. {n}" for n in range(110)])
    make_tag("unused")

    assert len(visit(admin_client, PATH).select("#once li")) == 100
    assert len(visit(admin_client, f"{PATH}?once=2").select("#once li")) == 10
    assert texts(visit(admin_client, f"{PATH}?once=zero"), "#once h2") == ["Used once (110)"]


def test_tags_on_the_same_posts_are_linked_to_their_merge(admin_client):
    for _ in range(3):
        make_note(tags=["salt", "pepper"])
    for _ in range(2):
        make_note(tags=["bread", "butter"])

    page = visit(admin_client, PATH)

    assert groups(page, "together") == ["pepper 3, salt 3 · On the same 3 posts"]
    merge = visit(admin_client, page.select_one("#together .tag-merge")["href"])
    assert texts(merge, ".tag-preview h2") == ["salt into pepper"]


def test_a_post_with_only_one_of_the_tags_separates_them():
    for tags in [["salt", "pepper"]] * 3 + [["salt"]]:
        make_note(tags=tags)

    assert same_posts() == []


def test_different_posts_with_equal_sums_are_told_apart():
    posts = [make_note(slug=f"note-{n}") for n in range(8)]
    numbers = {posts.index(post): post.pk for post in posts}
    # 0, 3, 5, 7 and 0, 2, 6, 7 have the same number, sum, first and last.
    for name, chosen in {"one": (0, 3, 5, 7), "other": (0, 2, 6, 7)}.items():
        assert sum(numbers[n] for n in chosen) == 15 + 4 * posts[0].pk
        for n in chosen:
            posts[n].tags.add(name)

    assert same_posts() == []


def test_empty_lists_say_so(admin_client):
    page = visit(admin_client, PATH)

    assert texts(page, "#alike li, #together li, #once li") == ["None.", "None.", "None."]


def test_many_tags_need_few_queries_and_a_short_response(admin_client, django_assert_max_num_queries):
    names = ["".join(letters) for letters in combinations("abcdefghijkl", 8)]
    make_tag("land")
    Tag.objects.bulk_create(Tag(name=name, slug=name, uses=n % 3) for n, name in enumerate(names))

    # Session, user, edition and site; the tags, their sums.
    with django_assert_max_num_queries(6):
        response = admin_client.get(PATH)

    assert len(names) > 400
    assert len(response.content) < 200_000
