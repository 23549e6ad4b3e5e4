"""The lists of posts of one kind, and of tags."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog.models import Post
from tests.factories import (
    FACTORIES,
    make_entry,
    make_note,
    make_series,
    make_tag,
    make_timeline,
    utc,
)
from tests.helpers.browsing import texts, visit

pytestmark = pytest.mark.django_db


@pytest.fixture(params=Post.kinds())
def kind(request):
    return request.param


def rows(client, kind, query=""):
    """The names of the posts in the list."""
    return texts(visit(client, reverse(f"admin:blog_{kind}_changelist") + query), ".field-name")


def test_drafts_come_first_then_the_newest_posts(admin_client):
    for title, fields in {
        "Old": {"published": utc(2024, 6, 1)},
        "Draft": {"is_draft": True},
        "New": {"published": utc(2024, 6, 8)},
    }.items():
        make_entry(title=title, **fields)

    assert rows(admin_client, "entry") == ["Draft", "New", "Old"]


def test_a_post_without_a_title_shows_its_opening_words(admin_client):
    make_note(body="One *two* three.", published=utc(2024, 6, 8))

    assert rows(admin_client, "note") == ["Note on 8th June 2024 One two three."]


def test_the_list_shows_tags_and_state(admin_client):
    make_note(tags=["sea", "ant"])
    make_note(is_draft=True)
    make_note(published=utc(2999, 1, 1))

    page = visit(admin_client, reverse("admin:blog_note_changelist"))

    assert texts(page, ".field-tag_list") == ["", "", "ant, sea"] or "ant, sea" in texts(
        page, ".field-tag_list"
    )
    assert sorted(texts(page, ".field-state")) == ["Draft", "Public", "Scheduled"]


@pytest.mark.parametrize(
    ("query", "found"),
    [("?state=draft", "Draft"), ("?state=scheduled", "Scheduled"), ("?state=public", "Public")],
)
def test_the_list_can_be_filtered_by_state(admin_client, query, found):
    make_entry(title="Draft", is_draft=True)
    make_entry(title="Scheduled", published=utc(2999, 1, 1))
    make_entry(title="Public")

    assert rows(admin_client, "entry", query) == [found]


@pytest.mark.parametrize(
    "query",
    [
        "?series__id__exact={series}",
        "?year=2024",
        "?q=float",
        "?q=FLOAT+rain",
        "?o=1.2.4",
    ],
)
def test_filters_search_and_sorting_find_the_post(admin_client, kind, query):
    series = make_series()
    FACTORIES[kind](title="Rain", body="It floats.", published=utc(2024, 6, 8), series=series)
    if not query.startswith("?o"):
        FACTORIES[kind](published=utc(2023, 1, 1))

    assert len(rows(admin_client, kind, query.format(series=series.pk))) == 1


@pytest.mark.parametrize("query", ["?q=%00", "?q=%25", "?p=99999", "?year=x", "?state=x", "?nonsense=1"])
def test_odd_queries_do_not_fail(admin_client, query):
    make_note()

    response = admin_client.get(reverse("admin:blog_note_changelist") + query, follow=True)

    assert response.status_code in {200, 400}


def test_the_number_of_queries_does_not_grow_with_the_posts(admin_client, kind):
    def query_counts():
        numbers = {}
        for query in ("", "?q=ant+or+bee", "?state=public", "?year=2024"):
            with CaptureQueriesContext(connection) as captured:
                assert rows(admin_client, kind, query)
            numbers[query] = len(captured)
        return numbers

    make_timeline(8, series=make_series())
    few = query_counts()
    make_timeline(24, series=make_series())

    assert query_counts() == few
    assert max(few.values()) <= 14


def test_tags_are_listed_with_their_uses(admin_client):
    make_tag("unused")
    make_note(tags=["sea"])

    page = visit(admin_client, reverse("admin:blog_tag_changelist"))

    assert dict(zip(texts(page, ".field-name"), texts(page, ".field-uses"), strict=True)) == {
        "sea": "1",
        "unused": "0",
    }


SEARCHABLE = [model for model, options in admin.site._registry.items() if options.search_fields]


@pytest.mark.parametrize("model", SEARCHABLE, ids=lambda model: model.__name__)
def test_a_search_term_that_is_too_long_is_refused(admin_client, model):
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")

    visit(admin_client, f"{path}?q={'a ' * 250}")
    response = admin_client.get(f"{path}?q={'x' * 60_000}")

    assert (response.status_code, response["Location"]) == (302, path)
    page = visit(admin_client, path)
    assert texts(page, ".messagelist li") == ["The search term is too long. The limit is 500 characters."]
