"""A tag's own form: renaming, invalid names, deleting."""

import pytest
from django.urls import reverse

from blog.models import Post, PreviousTagName, Tag
from tests.factories import FACTORIES, make_entry, make_note, make_tag
from tests.helpers.browsing import parse as parsed
from tests.helpers.browsing import paths, submit, text, texts, visit
from tests.helpers.tagging import assert_counts_match, found_by, rows_of

pytestmark = pytest.mark.django_db


def admin_url(name, page="change"):
    return reverse(f"admin:blog_tag_{page}", args=[Tag.objects.get(name=name).pk])


def errors(response):
    assert response.status_code == 200
    return texts(parsed(response), ".errorlist li")


def rename(client, old, **changes):
    return submit(client, admin_url(old), form="#tag_form", **changes)


def test_the_old_url_of_a_renamed_tag_redirects(admin_client, client):
    make_note(tags=["js"])

    rename(admin_client, "js", name="JavaScript", slug="javascript")

    assert client.get("/tags/js/")["Location"] == "/tags/javascript/"


def test_an_empty_slug_is_derived_from_the_name(admin_client):
    make_tag("c++")

    rename(admin_client, "c++", name="C#", slug="")

    assert Tag.objects.get().slug == "c-sharp"


def test_a_new_tag_needs_only_a_name(admin_client):
    submit(admin_client, reverse("admin:blog_tag_add"), form="#tag_form", name="C++")

    assert Tag.objects.get().slug == "c-plus-plus"


def test_renaming_updates_search_and_no_post_rows(admin_client):
    post = make_entry(title="Waves", tags=["ocean"])
    before = rows_of(Post)

    rename(admin_client, "ocean", name="sea", slug="sea")

    assert found_by("sea") == {post.pk}
    assert found_by("ocean") == set()
    assert rows_of(Post) == before


def test_a_taken_name_links_to_the_merge(admin_client):
    make_tag("JavaScript")
    make_tag("js")

    response = rename(admin_client, "js", name="javascript")

    assert errors(response) == ["The tag “JavaScript” already exists. Merge this one into it?"]
    [link] = parsed(response).select(".errorlist a")
    assert [text(item) for item in visit(admin_client, link["href"]).select(".tag-preview h2")] == [
        "js into JavaScript"
    ]


@pytest.mark.parametrize("typed", [{"name": "a\x07b"}, {"name": "x" * 101}, {"name": ""}, {"slug": "a b"}])
def test_an_invalid_name_or_slug_is_refused(admin_client, typed):
    make_tag("js")

    assert errors(rename(admin_client, "js", **typed))
    assert Tag.objects.get().name == "js"


def test_a_taken_slug_is_refused(admin_client):
    make_tag("go")
    make_tag("golang")

    assert errors(rename(admin_client, "golang", slug="Go"))


def test_changing_the_description_adds_no_former_name(admin_client):
    make_tag("sea")

    rename(admin_client, "sea", description="Salt water.")

    assert not PreviousTagName.objects.exists()


@pytest.mark.parametrize("page", ["change", "changelist"])
def test_the_form_and_the_list_link_to_the_tools(admin_client, page):
    make_note(tags=["sea"])
    path = admin_url("sea") if page == "change" else reverse("admin:blog_tag_changelist")

    tools = paths(visit(admin_client, path), ".object-tools a")

    assert len(tools) >= 4
    for tool in tools:
        assert admin_client.get(tool).status_code == 200


def test_the_list_of_tags_runs_no_query_per_row(admin_client, django_assert_max_num_queries):
    make_note(tags=[f"tag {n}" for n in range(40)])

    with django_assert_max_num_queries(7):
        visit(admin_client, reverse("admin:blog_tag_changelist"))


# Tags of posts


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("sea, " + "x" * 101, "at most 100 characters"),
        ("sea, a\x07b", "control character"),
        (", ".join(f"tag {n}" for n in range(101)), "A post can have at most 100 tags; this one has 101."),
    ],
)
def test_invalid_tags_of_a_post_are_refused(admin_client, typed, message):
    path = reverse("admin:blog_note_change", args=[make_note(tags=["land"]).pk])

    response = submit(admin_client, path, form="#note_form", tags=typed)

    assert message in errors(response)[0]
    assert parsed(response).select_one("#id_tags")["value"] == typed
    assert [tag.name for tag in Tag.objects.all()] == ["land"]


@pytest.mark.parametrize("name", ["a+b", "C#", "🎉", "a/b?c", "Größe", "日本", ".atom", '5" disk', "a, b"])
def test_any_other_tag_has_a_page_and_a_feed(admin_client, client, name):
    post = make_note()
    path = reverse("admin:blog_note_change", args=[post.pk])

    submit(admin_client, path, form="#note_form", tags='"' + name.replace('"', '""') + '"')

    tag = Tag.objects.get()
    assert tag.name == name
    assert client.get(tag.get_absolute_url()).status_code == 200
    assert client.get(f"/tags/{tag.slug}.atom").status_code == 200


# Deleting


@pytest.mark.parametrize("make", FACTORIES.values(), ids=FACTORIES)
def test_deleting_lists_the_titles_of_the_posts_that_lose_the_tag(admin_client, make):
    post = make(tags=["sea"])

    page = visit(admin_client, admin_url("sea", "delete"))

    path = reverse(f"admin:blog_{post.kind}_change", args=[post.pk])
    [link] = page.select(f"#deleted-objects a[href='{path}']")
    assert text(link) == post.headline
    assert {"Tags: 1", "Posts that lose a tag: 1"} <= set(texts(page, "#content li"))


def test_deleting_lists_at_most_a_hundred_posts(admin_client, django_assert_max_num_queries):
    make_tag("sea")
    for n in range(103):
        make_note(tags=["sea"], slug=f"note-{n}")

    with django_assert_max_num_queries(9):
        page = visit(admin_client, admin_url("sea", "delete"))

    assert len(page.select("#deleted-objects a")) == 100
    assert "and 3 more" in text(page.select_one("#deleted-objects"))


def test_deleting_updates_counts_and_search(admin_client):
    post = make_note(body="Waves", tags=["sea", "salt"])

    submit(admin_client, admin_url("sea", "delete"), form="#content form")

    assert found_by("salt") == {post.pk}
    assert found_by("sea") == set()
    assert_counts_match()


def test_several_tags_can_be_deleted_at_once(admin_client):
    post = make_note(body="Waves", tags=["sea", "salt", "sand"])
    chosen = Tag.objects.exclude(name="sand").values_list("pk", flat=True)
    data = {"action": "delete_selected", "_selected_action": list(chosen)}
    path = reverse("admin:blog_tag_changelist")
    assert post.headline in text(parsed(admin_client.post(path, data)).select_one("#content"))

    admin_client.post(path, data | {"post": "yes"})

    assert [tag.name for tag in Tag.objects.all()] == ["sand"]
    assert found_by("salt") == set()
    assert_counts_match()
