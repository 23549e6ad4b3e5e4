"""Merging tags in the admin: choosing them, the preview, the record, undoing a merge."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from blog.models import Note, Tag, TagMerge
from tests.factories import FACTORIES, make_note, make_tag
from tests.helpers.browsing import fill_in, text, texts, visit
from tests.helpers.browsing import parse as parsed
from tests.helpers.tagging import assert_counts_match, tag_rows

pytestmark = pytest.mark.django_db
MERGE = "/admin/blog/tag/merge/"


def ids(*names):
    return [Tag.objects.get(name=name).pk for name in names]


def merge_url(*names, into=None):
    query = [f"tag={pk}" for pk in ids(*names)] + ([f"into={ids(into)[0]}"] if into else [])
    return f"{MERGE}?{'&'.join(query)}"


def merge(client, *names, into):
    """Submit the form below the preview."""
    [form] = visit(client, merge_url(*names, into, into=into)).select("#merge")
    tags = [control["value"] for control in form.select("[name=tag]")]
    return client.post(MERGE, fill_in(form) | {"tag": tags})


def messages(client, response):
    return texts(visit(client, response["Location"]), ".messagelist li")


@pytest.fixture
def _cats():
    for make in FACTORIES.values():
        make(tags=["cats"])
    make_note(tags=["cats", "cat"], title="Both")
    make_note(tags=["cat"])
    Tag.objects.get(name="cats").rename("kittens")


def table(page):
    return [texts(row, "th, td") for row in page.select(".tag-preview tbody tr")]


@pytest.mark.usefixtures("_cats")
def test_the_preview_shows_the_effect_and_changes_nothing(admin_client):
    before = tag_rows()

    page = visit(admin_client, merge_url("kittens", "cat", into="cat"))

    assert texts(page, ".tag-preview h2") == ["kittens into cat"]
    rows = [["Entries", "1", "0"], ["Links", "1", "0"], ["Quotations", "1", "0"], ["Notes", "1", "1"]]
    assert table(page) == rows
    assert texts(page, ".tag-name") == ["cats", "kittens"]
    assert tag_rows() == before


@pytest.mark.usefixtures("_cats")
def test_the_most_used_tag_is_kept_by_default(admin_client):
    assert texts(visit(admin_client, merge_url("cat", "kittens")), ".tag-preview h2") == ["cat into kittens"]


@pytest.mark.usefixtures("_cats")
def test_merging_redirects_to_the_record(admin_client, admin_user):
    response = merge(admin_client, "kittens", into="cat")

    record = TagMerge.objects.get()
    assert record.merged_by == admin_user
    assert response.status_code == 302
    assert response["Location"] == reverse("admin:blog_tagmerge_change", args=[record.pk])
    assert messages(admin_client, response) == [
        "Merged kittens into cat. Posts that got the tag: 4. Posts that already had it: 1."
    ]
    assert_counts_match()


@pytest.mark.usefixtures("_cats")
def test_submitting_the_merge_twice_merges_once(admin_client):
    data = {"tag": ids("kittens", "cat"), "into": ids("cat")}
    admin_client.post(MERGE, data)
    before = tag_rows()

    response = admin_client.post(MERGE, data)

    assert "Nothing was merged" in messages(admin_client, response)[-1]
    assert tag_rows() == before
    assert TagMerge.objects.count() == 1


def test_tags_can_be_chosen_by_name(admin_client):
    make_note(tags=["machine learning", "ML"])

    page = visit(admin_client, f"{MERGE}?names=ml, Machine Learning")

    assert texts(page, ".tag-preview h2") == ["machine learning into ML"]
    assert page.select_one("#id_names")["value"] == "ML, machine learning"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("names=nothing", "There is no tag “nothing”."),
        ("names=" + ",".join(f"t{n}" for n in range(51)), "There is no tag “t0”."),
        ("tag=4000", "Select a valid choice"),
        ("tag=x", "is not a valid value"),
        ("tag=99999999999999999999999", "Select a valid choice"),
        ("into=4000", ""),
        ("into=99999999999999999999999", ""),
        ("names=%07", "control character"),
    ],
)
def test_missing_and_invalid_tags_are_reported(admin_client, query, message):
    page = visit(admin_client, f"{MERGE}?{query}")

    assert message in " ".join(texts(page, ".errorlist li"))
    assert not page.select(".tag-preview")


def test_a_single_tag_has_no_preview(admin_client):
    make_tag("cat")

    page = visit(admin_client, merge_url("cat"))

    assert page.select_one("#id_names")["value"] == "cat"
    assert not page.select(".tag-preview")


def test_more_than_fifty_tags_are_refused(admin_client):
    make_note(tags=[f"tag {n}" for n in range(51)])

    page = visit(admin_client, f"{MERGE}?{'&'.join(f'tag={tag.pk}' for tag in Tag.objects.all())}")

    assert texts(page, ".errorlist li") == ["You can merge at most 50 tags at once."]


def test_the_list_of_tags_has_a_merge_action(admin_client):
    make_note(tags=["cat", "cats"])
    path = reverse("admin:blog_tag_changelist")

    response = admin_client.post(path, {"action": "merge_selected", "_selected_action": ids("cat", "cats")})

    assert response["Location"] == merge_url("cat", "cats")


def test_the_action_needs_two_tags(admin_client):
    make_note(tags=["cat"])
    path = reverse("admin:blog_tag_changelist")

    response = admin_client.post(path, {"action": "merge_selected", "_selected_action": ids("cat")})

    assert "Select between 2 and 50 tags" in messages(admin_client, response)[0]


def test_the_preview_runs_few_queries_for_many_posts(admin_client, django_assert_max_num_queries):
    for _ in range(10):
        make_note(tags=["cat", "cats", "kitty", "feline"])
    path = merge_url("cat", "cats", "kitty", "feline")

    # Session, user, site; the tags three times over (choices and their check); the preview's two.
    with django_assert_max_num_queries(9):
        visit(admin_client, path)


# The record


def record_of(client, *names, into):
    return merge(client, *names, into=into)["Location"]


@pytest.mark.usefixtures("_cats")
def test_the_record_lists_the_posts(admin_client):
    page = visit(admin_client, record_of(admin_client, "kittens", into="cat"))

    assert len(page.select(".field-moved_posts a")) == 4
    assert texts(page, ".field-dropped_posts a") == ["Both"]
    assert texts(page, ".field-former_names .readonly") == ["cats, kittens"]


@pytest.mark.usefixtures("_cats")
def test_the_record_is_read_only(admin_client):
    path = record_of(admin_client, "kittens", into="cat")
    page = visit(admin_client, path)

    assert not page.select("#content-main input:not([type=hidden]):not([value='Undo this merge'])")
    for forbidden in (path, path.replace("change", "delete"), reverse("admin:blog_tagmerge_add")):
        assert admin_client.post(forbidden, {"post": "yes"}).status_code == 403


@pytest.mark.usefixtures("_cats")
def test_undo_restores_everything_and_says_so(admin_client):
    before = tag_rows()
    path = record_of(admin_client, "kittens", into="cat")
    [button] = visit(admin_client, path).select("[value='Undo this merge']")

    response = admin_client.post(button["formaction"])

    assert messages(admin_client, response) == [
        "Undone: kittens into cat. The tags and their posts are as they were before."
    ]
    assert tag_rows() == before
    assert not visit(admin_client, path).select("[value='Undo this merge']")


@pytest.mark.usefixtures("_cats")
def test_undo_reports_what_could_not_be_restored(admin_client):
    path = record_of(admin_client, "kittens", into="cat")
    Note.objects.get(title="Both").tags.remove("cat")

    response = admin_client.post(path.replace("change", "undo"))

    sentence = "The tags of “Both” have changed since the merge, so they were left alone."
    assert messages(admin_client, response)[-1] == sentence
    assert text(visit(admin_client, path).select_one(".field-undo_problems p")) == sentence


@pytest.mark.usefixtures("_cats")
def test_an_impossible_undo_changes_nothing(admin_client):
    path = record_of(admin_client, "kittens", into="cat")
    make_tag("kittens")
    before = tag_rows()

    response = admin_client.post(path.replace("change", "undo"))

    assert "There is a new tag “kittens”" in messages(admin_client, response)[-1]
    assert tag_rows() == before


@pytest.mark.usefixtures("_cats")
def test_undo_needs_a_post_request(admin_client):
    path = record_of(admin_client, "kittens", into="cat")

    assert admin_client.get(path.replace("change", "undo")).status_code == 405


def test_the_list_of_merges_runs_no_query_per_row(admin_client, django_assert_max_num_queries):
    for n in range(5):
        make_tag("cat") if not n else None
        make_note(tags=[f"cat {n}"])
        TagMerge.merge([Tag.objects.get(name=f"cat {n}")], Tag.objects.get(name="cat"))

    with django_assert_max_num_queries(7):
        page = visit(admin_client, reverse("admin:blog_tagmerge_changelist"))

    assert len(page.select("#result_list tbody tr")) == 5


# Permissions


def allow(client, *permissions):
    """Log in a staff user with only these permissions."""
    user = get_user_model().objects.create_user("editor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)


@pytest.mark.parametrize(
    ("permissions", "status"),
    [((), 403), (("view_tag", "change_note"), 403), (("change_tag", "change_note"), 200)],
)
def test_staff_need_the_permission_to_change_tags(client, permissions, status):
    allow(client, *permissions)

    for tool in ("merge", "bulk", "clean-up"):
        assert client.get(f"/admin/blog/tag/{tool}/").status_code == status


@pytest.mark.usefixtures("_cats")
def test_merging_also_needs_the_permission_to_delete_tags(client):
    allow(client, "change_tag")
    data = {"tag": ids("kittens", "cat"), "into": ids("cat")}

    assert client.post(MERGE, data).status_code == 403


@pytest.mark.usefixtures("_cats")
@pytest.mark.parametrize("permission", ["change_tag", "delete_tag"])
def test_undoing_needs_the_same_permissions_as_merging(client, admin_client, permission):
    path = record_of(admin_client, "kittens", into="cat")
    before = tag_rows()
    allow(client, permission, "view_tagmerge")

    assert client.post(path.replace("change", "undo")).status_code == 403
    assert not visit(client, path).select("[value='Undo this merge']")
    assert tag_rows() == before


@pytest.mark.parametrize("tool", ["merge", "bulk", "clean-up"])
def test_visitors_are_redirected_to_the_login(client, tool):
    response = client.get(f"/admin/blog/tag/{tool}/")

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/?next=")


def test_the_dashboard_links_to_the_tools(admin_client):
    page = visit(admin_client, "/admin/")

    for link in page.select("#tools a"):
        visit(admin_client, link["href"])
    assert len(page.select("#tools a")) == 3


@pytest.mark.parametrize("tool", ["merge", "bulk", "clean-up"])
def test_the_tools_have_no_inline_styles_or_scripts(admin_client, tool):
    make_note(tags=["cat", "cats"])

    page = parsed(admin_client.get(f"/admin/blog/tag/{tool}/"))

    assert not page.select("style, [style], [onclick], script:not([src], [type='application/json'])")
