"""The listing and the short links of each kind."""

import pytest
from django.utils.text import capfirst

from blog.models import Post
from tests.factories import FACTORIES, make_timeline, utc
from tests.helpers.browsing import paths, permalinks, text, texts, urls_of, visit

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.parametrize("kind", Post.kinds().values(), ids=Post.kinds().keys()),
]


def test_the_listing_shows_its_kind_newest_first(client, kind):
    posts = make_timeline(12)

    page = visit(client, f"/{kind.listing}/")

    assert texts(page, "h1") == [capfirst(kind.label_plural)]
    assert permalinks(page) == urls_of(post for post in reversed(posts) if isinstance(post, kind))


def test_the_listing_exists_before_the_first_post(client, kind):
    page = visit(client, f"/{kind.listing}/")

    assert "Nothing of this kind" in text(page.main)


def test_the_listing_links_to_its_feed(client, kind):
    page = visit(client, f"/{kind.listing}/")

    assert f"/atom/{kind.feed}/" in paths(page, "link[rel=alternate]")


def test_the_navigation_marks_the_listing_as_current(client, kind):
    page = visit(client, f"/{kind.listing}/")

    assert paths(page, "nav[aria-label=Site] [aria-current=page]") == [f"/{kind.listing}/"]


@pytest.mark.parametrize("ending", ["", "/"])
def test_a_short_link_redirects_to_the_post(client, kind, ending):
    post = FACTORIES[kind._meta.model_name](number=12)

    response = client.get(f"/{kind.short}/12{ending}")

    assert response.status_code == 301
    assert response["Location"] == post.get_absolute_url()


@pytest.mark.parametrize("number", ["0", "13", "999999999", "99999999999", "x", "-1"])
def test_an_unknown_short_link_is_not_found(client, kind, number):
    FACTORIES[kind._meta.model_name](number=12)

    visit(client, f"/{kind.short}/{number}", status=404)


@pytest.mark.parametrize("fields", [{"is_draft": True}, {"published": utc(2999, 1, 1)}])
def test_a_short_link_to_an_unpublished_post_is_not_found(client, admin_client, kind, fields):
    FACTORIES[kind._meta.model_name](number=12, **fields)

    visit(client, f"/{kind.short}/12", status=404)
