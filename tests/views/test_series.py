"""Series pages and their index."""

import pytest

from tests.factories import make_entry, make_note, make_series, make_timeline, utc
from tests.helpers.browsing import paths, permalinks, texts, urls_of, visit

pytestmark = pytest.mark.django_db


def test_a_series_lists_its_parts_oldest_first(client):
    series = make_series(title="The sea", slug="sea", summary="In *parts*.")
    posts = make_timeline(4, series=series)

    page = visit(client, "/series/sea/")

    assert texts(page, "h1") == ["The sea"]
    assert "In parts." in texts(page, "main p")
    assert permalinks(page) == urls_of(posts)
    assert "/series/sea.atom" in paths(page, "link[rel=alternate]")


@pytest.mark.parametrize("fields", [{"is_draft": True}, {"published": utc(2999, 1, 1)}])
def test_a_series_without_a_public_post_is_not_found(client, fields):
    series = make_series(slug="sea")
    make_note(series=series, **fields)

    visit(client, "/series/sea/", status=404)
    assert paths(visit(client, "/series/"), "main a") == []


def test_an_unknown_series_is_not_found(client):
    visit(client, "/series/nothing/", status=404)


def test_the_index_lists_series_by_title_with_the_number_of_public_posts(client):
    wind, sea = make_series(title="Wind", slug="w"), make_series(title="Sea", slug="s", summary="*Salt*.")
    make_entry(series=wind)
    for is_draft in (False, False, True):
        make_note(series=sea, is_draft=is_draft)

    page = visit(client, "/series/")

    assert texts(page, "main h2") == ["Sea", "Wind"]
    assert paths(page, "main h2 a") == ["/series/s/", "/series/w/"]
    assert texts(page, "main .tally") == ["2 posts", "1 post"]
    assert "Salt." in texts(page, "main p")
