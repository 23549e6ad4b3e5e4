"""Merging tags in the admin: choosing, the preview, the record, undoing it."""

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


def address(*names, into=None):
    query = [f"tag={pk}" for pk in ids(*names)] + ([f"into={ids(into)[0]}"] if into else [])
    return f"{MERGE}?{'&'.join(query)}"


def merge(client, *names, into):
    """Sends the form under the preview."""
    [form] = visit(client, address(*names, into, into=into)).select("#merge")
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
def test_a_preview_says_what_will_happen_and_does_nothing(admin_client):
    before = tag_rows()

    page = visit(admin_client, address("kittens", "cat", into="cat"))

    assert texts(page, ".tag-preview h2") == ["kittens into cat"]
    rows = [["Entries", "1", "0"], ["Links", "1", "0"], ["Quotations", "1", "0"], ["Notes", "1", "1"]]
    assert table(page) == rows
    assert texts(page, ".tag-name") == ["cats", "kittens"]
    assert tag_rows() == before


@pytest.mark.usefixtures("_cats")
def test_the_most_used_stays_unless_another_is_chosen(admin_client):
    assert texts(visit(admin_client, address("cat", "kittens")), ".tag-preview h2") == ["cat into kittens"]


@pytest.mark.usefixtures("_cats")
def test_merging_leads_to_its_record(admin_client, admin_user):
    response = merge(admin_client, "kittens", into="cat")

    record = TagMerge.objects.get()
    assert record.merged_by == admin_user
    assert response.status_code == 302
    assert response["Location"] == reverse("admin:blog_tagmerge_change", args=[record.pk])
    assert messages(admin_client, response) == [
        "Merged kittens into cat: 4 posts got the tag, 1 had it already."
    ]
    assert_counts_match()


@pytest.mark.usefixtures("_cats")
def test_sending_the_merge_again_merges_nothing(admin_client):
    data = {"tag": ids("kittens", "cat"), "into": ids("cat")}
    admin_client.post(MERGE, data)
    before = tag_rows()

    response = admin_client.post(MERGE, data)

    assert "Nothing was merged" in messages(admin_client, response)[-1]
    assert tag_rows() == before
    assert TagMerge.objects.count() == 1


def test_tags_are_chosen_by_name(admin_client):
    make_note(tags=["machine learning", "ML"])

    page = visit(admin_client, f"{MERGE}?names=ml, Machine Learning")

    assert texts(page, ".tag-preview h2") == ["machine learning into ML"]
    assert page.select_one("#id_names")["value"] == "ML, machine learning"


@pytest.mark.parametrize(
    ("query", "says"),
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
def test_what_does_not_exist_is_said(admin_client, query, says):
    page = visit(admin_client, f"{MERGE}?{query}")

    assert says in " ".join(texts(page, ".errorlist li"))
    assert not page.select(".tag-preview")


def test_one_tag_alone_waits_for_another(admin_client):
    make_tag("cat")

    page = visit(admin_client, address("cat"))

    assert page.select_one("#id_names")["value"] == "cat"
    assert not page.select(".tag-preview")


def test_more_than_fifty_at_once_are_refused(admin_client):
    make_note(tags=[f"tag {n}" for n in range(51)])

    page = visit(admin_client, f"{MERGE}?{'&'.join(f'tag={tag.pk}' for tag in Tag.objects.all())}")

    assert texts(page, ".errorlist li") == ["At most 50 tags can be merged at once."]


def test_the_list_of_tags_has_an_action_for_it(admin_client):
    make_note(tags=["cat", "cats"])
    path = reverse("admin:blog_tag_changelist")

    response = admin_client.post(path, {"action": "merge_selected", "_selected_action": ids("cat", "cats")})

    assert response["Location"] == address("cat", "cats")


def test_the_action_needs_two(admin_client):
    make_note(tags=["cat"])
    path = reverse("admin:blog_tag_changelist")

    response = admin_client.post(path, {"action": "merge_selected", "_selected_action": ids("cat")})

    assert "Select two tags" in messages(admin_client, response)[0]


def test_the_page_costs_the_same_whatever_the_number_of_posts(admin_client, django_assert_max_num_queries):
    for _ in range(10):
        make_note(tags=["cat", "cats", "kitty", "feline"])
    path = address("cat", "cats", "kitty", "feline")

    # Session, user, site; the tags three times over (choices and their check); the preview's two.
    with django_assert_max_num_queries(9):
        visit(admin_client, path)


# The record


def record_of(client, *names, into):
    return merge(client, *names, into=into)["Location"]


@pytest.mark.usefixtures("_cats")
def test_the_record_names_the_posts(admin_client):
    page = visit(admin_client, record_of(admin_client, "kittens", into="cat"))

    assert len(page.select(".field-moved_posts a")) == 4
    assert texts(page, ".field-dropped_posts a") == ["Both"]
    assert texts(page, ".field-former_names .readonly") == ["cats, kittens"]


@pytest.mark.usefixtures("_cats")
def test_the_record_is_only_read(admin_client):
    path = record_of(admin_client, "kittens", into="cat")
    page = visit(admin_client, path)

    assert not page.select("#content-main input:not([type=hidden]):not([value='Undo this merge'])")
    for forbidden in (path, path.replace("change", "delete"), reverse("admin:blog_tagmerge_add")):
        assert admin_client.post(forbidden, {"post": "yes"}).status_code == 403


@pytest.mark.usefixtures("_cats")
def test_undo_puts_everything_back_and_says_so(admin_client):
    before = tag_rows()
    path = record_of(admin_client, "kittens", into="cat")
    [button] = visit(admin_client, path).select("[value='Undo this merge']")

    response = admin_client.post(button["formaction"])

    assert messages(admin_client, response) == ["Undone: kittens into cat. All is as it was before."]
    assert tag_rows() == before
    assert not visit(admin_client, path).select("[value='Undo this merge']")


@pytest.mark.usefixtures("_cats")
def test_undo_says_what_could_not_be_put_back(admin_client):
    path = record_of(admin_client, "kittens", into="cat")
    Note.objects.get(title="Both").tags.remove("cat")

    response = admin_client.post(path.replace("change", "undo"))

    sentence = "The tags of “Both” have changed since the merge, so they were left alone."
    assert messages(admin_client, response)[-1] == sentence
    assert sentence in text(visit(admin_client, path).select_one(".field-not_put_back"))


@pytest.mark.usefixtures("_cats")
def test_an_undo_that_is_impossible_changes_nothing(admin_client):
    path = record_of(admin_client, "kittens", into="cat")
    make_tag("kittens")
    before = tag_rows()

    response = admin_client.post(path.replace("change", "undo"))

    assert "There is a new tag “kittens”" in messages(admin_client, response)[-1]
    assert tag_rows() == before


@pytest.mark.usefixtures("_cats")
def test_undo_takes_a_post_request(admin_client):
    path = record_of(admin_client, "kittens", into="cat")

    assert admin_client.get(path.replace("change", "undo")).status_code == 405


def test_the_list_of_merges_costs_no_query_for_each(admin_client, django_assert_max_num_queries):
    for n in range(5):
        make_tag("cat") if not n else None
        make_note(tags=[f"cat {n}"])
        TagMerge.merge([Tag.objects.get(name=f"cat {n}")], Tag.objects.get(name="cat"))

    with django_assert_max_num_queries(7):
        page = visit(admin_client, reverse("admin:blog_tagmerge_changelist"))

    assert len(page.select("#result_list tbody tr")) == 5


# Who may


def allow(client, *permissions):
    """Log in somebody of the staff who may do only this."""
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
def test_merging_takes_the_permission_to_delete_tags_too(client):
    allow(client, "change_tag")
    data = {"tag": ids("kittens", "cat"), "into": ids("cat")}

    assert client.post(MERGE, data).status_code == 403


@pytest.mark.usefixtures("_cats")
@pytest.mark.parametrize("permission", ["change_tag", "delete_tag"])
def test_undoing_takes_the_permissions_that_merging_takes(client, admin_client, permission):
    path = record_of(admin_client, "kittens", into="cat")
    before = tag_rows()
    allow(client, permission, "view_tagmerge")

    assert client.post(path.replace("change", "undo")).status_code == 403
    assert not visit(client, path).select("[value='Undo this merge']")
    assert tag_rows() == before


@pytest.mark.parametrize("tool", ["merge", "bulk", "clean-up"])
def test_others_are_asked_to_log_in(client, tool):
    response = client.get(f"/admin/blog/tag/{tool}/")

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/?next=")


def test_the_admin_leads_to_the_tools(admin_client):
    page = visit(admin_client, "/admin/")

    for link in page.select("#tools a"):
        visit(admin_client, link["href"])
    assert len(page.select("#tools a")) == 3


@pytest.mark.parametrize("tool", ["merge", "bulk", "clean-up"])
def test_the_tools_keep_to_the_policy(admin_client, tool):
    make_note(tags=["cat", "cats"])

    page = parsed(admin_client.get(f"/admin/blog/tag/{tool}/"))

    assert not page.select("style, [style], [onclick], script:not([src], [type='application/json'])")
