"""Finding posts by words."""

import pytest

from tests.browsing import addresses, permalinks, text, visit
from tests.factories import make_blogmark, make_entry, make_note, make_quotation, utc

pytestmark = pytest.mark.django_db


def test_it_finds_words_in_titles_and_texts_the_newest_first(client):
    found = [
        make_entry(title="The Sea", published=utc(2024, 6, 4)),
        make_blogmark(link_title="Seaside", published=utc(2024, 6, 3)),
        make_note(body="By the sea.", published=utc(2024, 6, 2)),
        make_quotation(body="O sea!", published=utc(2024, 6, 1)),
    ]
    make_note(body="By the river.")

    page = visit(client, "/search/?q=SEA")

    assert permalinks(page) == addresses(found)
    assert "4 results" in text(page.main)


def test_a_quotation_is_found_by_its_source(client):
    post = make_quotation(source="Ada Lovelace")

    assert permalinks(visit(client, "/search/?q=lovelace")) == addresses([post])


def test_every_word_has_to_be_there(client):
    both = make_note(body="Wind over the sea.")
    make_note(body="Only the sea.")

    assert permalinks(visit(client, "/search/?q=sea++wind")) == addresses([both])


def test_drafts_are_not_found(client, admin_client):
    make_note(body="The sea.", is_draft=True)

    assert permalinks(visit(client, "/search/?q=sea")) == []


def test_it_shows_what_was_searched_for(client):
    page = visit(client, "/search/?q=%22%3Cb%3E%26")

    assert page.select_one("main input[name=q]")["value"] == '"<b>&'
    assert "0 results" in text(page.main)


@pytest.mark.parametrize("query", ["", "?q=", "?q=+++"])
def test_without_words_it_only_asks_for_some(client, query):
    make_note()

    page = visit(client, f"/search/{query}")

    assert page.select_one("main input[name=q]")
    assert permalinks(page) == []


@pytest.mark.parametrize("words", ["%25", "_", "\\", "'", "%", "a " * 3000, "x" * 5000, "\u0001", "😀"])
def test_odd_words_find_what_contains_them_and_nothing_else(client, words):
    make_note(body="Nothing odd")

    response = client.get("/search/", {"q": words})

    assert response.status_code == 200
    assert b"0 results" in response.content


def test_machines_are_asked_to_stay_away(client):
    assert visit(client, "/search/").select_one("meta[name=robots]")["content"] == "noindex"
