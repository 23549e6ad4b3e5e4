"""Pagination of lists, including invalid page numbers."""

import pytest

from tests.factories import make_note, make_timeline, saving_in_bulk, utc
from tests.helpers.browsing import paths, permalinks, text, urls_of, visit

pytestmark = pytest.mark.django_db

LISTS = ["/2024/Jun/", "/notes/", "/tags/bee/", "/search/?q=note"]


@pytest.fixture
def notes():
    with saving_in_bulk():
        return [make_note(published=utc(2024, 6, 8, n // 60, n % 60), tags=["bee"]) for n in range(61)]


def address(path, number):
    return f"{path}{'&' if '?' in path else '?'}page={number}"


@pytest.mark.parametrize("path", LISTS)
def test_every_post_is_on_exactly_one_page(client, notes, path):
    shown = [post for number in (1, 2, 3) for post in permalinks(visit(client, address(path, number)))]

    assert sorted(shown) == sorted(urls_of(notes))


@pytest.mark.parametrize("path", LISTS)
def test_pages_link_to_each_other(client, notes, path):
    first, second, third = (visit(client, address(path, number)) for number in (1, 2, 3))

    [onwards] = paths(first, ".pagination a[rel=next]")
    [back] = paths(third, ".pagination a[rel=prev]")
    assert permalinks(visit(client, path.partition("?")[0] + onwards)) == permalinks(second)
    assert permalinks(visit(client, path.partition("?")[0] + back)) == permalinks(second)
    assert first.select(".pagination a[rel=prev]") == third.select(".pagination a[rel=next]") == []
    assert "Page 2 of 3" in text(second.select_one(".pagination"))


@pytest.mark.parametrize("path", LISTS)
def test_only_first_pages_of_lists_are_indexed(client, notes, path):
    is_search = path.startswith("/search/")

    for number, is_left_out in ((1, is_search), (2, True)):
        page = visit(client, address(path, number))
        assert len(page.select("meta[name=robots][content=noindex]")) == is_left_out


def test_the_first_page_has_one_canonical_url(client, notes):
    page = visit(client, "/notes/?page=2")

    assert paths(page, ".pagination a[rel=prev]") == ["/notes/"]
    assert paths(page, "link[rel=canonical]") == ["http://testserver/notes/?page=2"]
    assert paths(visit(client, "/notes/?page=1"), "link[rel=canonical]") == ["http://testserver/notes/"]


def test_page_links_keep_valid_query_parameters(client, notes):
    page = visit(client, "/search/?x=y&q=note&exclude.tag=%26&page=2")

    assert paths(page, ".pagination a[rel=next]") == ["?q=note&exclude.tag=%26&page=3"]


def test_a_single_page_has_no_pagination(client):
    make_timeline(4)

    assert visit(client, "/notes/").select(".pagination") == []


@pytest.mark.parametrize("path", LISTS)
def test_last_is_a_page_number(client, notes, path):
    assert permalinks(visit(client, address(path, "last"))) == permalinks(visit(client, address(path, 3)))


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("number", ["0", "-1", "x", "2", "1.5", "99999999999999999999", "9" * 5000, "1e1"])
def test_an_invalid_page_number_is_not_found(client, path, number):
    make_note(published=utc(2024, 6, 8), tags=["bee"])

    visit(client, address(path, number), status=404)


@pytest.mark.parametrize("path", LISTS)
def test_visitors_cannot_change_the_page_size(client, notes, path):
    for size in ("0", "-1", "x", "", "1000", "99999999999999999999"):
        page = visit(client, f"{address(path, 1)}&size={size}")

        assert len(permalinks(page)) == 30


def test_an_empty_page_number_means_the_first(client, notes):
    assert permalinks(visit(client, "/notes/?page=")) == permalinks(visit(client, "/notes/"))


@pytest.mark.parametrize("path", LISTS)
def test_posts_with_the_same_time_neither_repeat_nor_vanish(client, path):
    with saving_in_bulk():
        notes = [make_note(published=utc(2024, 6, 8), tags=["bee"]) for _ in range(45)]

    shown = [post for number in (1, 2) for post in permalinks(visit(client, address(path, number)))]

    assert sorted(shown) == sorted(urls_of(notes))
