"""The search page: results, facets, corrections and suggestions."""

from urllib.parse import quote

import feedparser
import pytest

from blog.models import FormerPermalink, Post
from blog.search import results
from blog.views import search as search_views
from tests.factories import FACTORIES, make_blogmark, make_entry, make_note, make_quotation, utc
from tests.helpers.browsing import permalinks, text, texts, urls_of, visit

pytestmark = pytest.mark.django_db


def facet(page, title):
    """The numbers of the facet with that title by label."""
    items = page.select(f"nav.facet[aria-label={title}] li")
    return {item.a.text: item.select_one(".count").text for item in items}


def link(page, label):
    return next(a["href"] for a in page.select("main a, aside a") if a.text.strip().startswith(label))


def test_titles_rank_above_texts(client):
    in_text = make_note(body="By the sea.", published=utc(2024, 6, 4))
    in_title = make_entry(title="The Sea", published=utc(2024, 6, 1))
    make_note(body="By the river.")

    page = visit(client, "/search/?q=SEA")

    assert permalinks(page) == urls_of([in_title, in_text])
    assert "2 results" in text(page.main)


def test_results_can_be_sorted_by_date(client):
    old = make_entry(title="The Sea", published=utc(2024, 6, 1))
    new = make_note(body="By the sea.", published=utc(2024, 6, 4))

    assert permalinks(visit(client, "/search/?q=sea&sort=date")) == urls_of([new, old])


def test_a_quotation_is_found_by_its_source(client):
    post = make_quotation(source="Ada Lovelace")

    assert permalinks(visit(client, "/search/?q=lovelace")) == urls_of([post])


def test_every_word_is_required(client):
    both = make_note(body="Wind over the sea.")
    make_note(body="Only the sea.")

    assert permalinks(visit(client, "/search/?q=sea++wind")) == urls_of([both])


def test_nobody_finds_drafts(client, admin_client):
    make_note(body="The sea.", is_draft=True)

    assert permalinks(visit(client, "/search/?q=sea")) == []
    assert permalinks(visit(admin_client, "/search/?q=sea")) == []


def test_a_changed_text_is_found_at_once_and_the_old_one_is_not(client):
    post = make_note(body="The sea.")

    post.body = "The mountains."
    post.save()

    assert permalinks(visit(client, "/search/?q=mountain")) == urls_of([post])
    assert permalinks(visit(client, "/search/?q=sea")) == []


def test_a_tag_is_found_until_it_is_removed(client):
    post = make_note(body="Something.", tags=["gardening"])
    assert permalinks(visit(client, "/search/?q=gardening")) == urls_of([post])

    post.tags.remove("gardening")

    assert permalinks(visit(client, "/search/?q=gardening")) == []


def test_a_deleted_post_is_not_found(client):
    make_note(body="The sea.").delete()

    assert permalinks(visit(client, "/search/?q=sea")) == []
    assert FormerPermalink.objects.exists()


def test_the_matching_passage_is_highlighted(client):
    make_note(body="word " * 100 + "Then *gardens* & more. " + "word " * 100)

    page = visit(client, "/search/?q=garden")

    assert page.select_one(".h-entry mark").text == "gardens"
    assert page.select_one(".e-content .p-summary").text.startswith("… word")


def test_the_query_is_shown_and_escaped(client):
    page = visit(client, "/search/?q=%22%3Cb%3E%26")

    assert page.select_one("main input[name=q]")["value"] == '"<b>&'
    assert page.select("main b") == []


def test_an_invalid_filter_is_reported(client):
    page = visit(client, "/search/?q=from:2024-02-31")

    assert "“from:2024-02-31” was not understood" in page.select_one(".remark").text


def test_an_unknown_tag_is_reported(client):
    make_note()

    page = visit(client, "/search/?tag=nonesuch")

    assert page.select_one(".remark").text == "There is no tag “nonesuch”."
    assert permalinks(page) == []


def test_an_unknown_kind_is_reported(client):
    make_note(body="The sea")

    page = visit(client, "/search/?q=sea&type=foo")

    assert page.select_one(".remark").text == "There is no kind “foo”."
    assert permalinks(page) == []
    assert texts(page, ".pills li") == ["foo ×"]


@pytest.mark.parametrize("name", ["tag", "year", "from", "type", "site", "by", "-tag", "-year"])
def test_a_filter_without_a_value_is_searched_for_as_words(client, name):
    post = make_note(body=f"About {name} and python")

    page = visit(client, f"/search/?q=python+{name}:")

    assert texts(page, ".remark") == [f"“{name}:” was not understood and was searched for as words."]
    assert permalinks(page) == urls_of([post])


def test_facets_add_up_when_results_are_truncated(client, monkeypatch):
    monkeypatch.setattr(results, "MAX_RESULTS", 2)
    monkeypatch.setattr(search_views, "MAX_RESULTS", 2)
    for day in (1, 2, 3):
        make_note(body="The sea", tags=["sea"], published=utc(2024, 6, day))

    page = visit(client, "/search/?q=sea")

    assert "The newest 2 results" in text(page.main)
    assert facet(page, "Kinds") == {"notes": "2"}
    assert facet(page, "Years") == {"2024": "2"}
    assert facet(page, "Tags") == {"sea": "2"}


@pytest.mark.parametrize(
    "query",
    [
        "q=the+" + "%22" * 60_000,
        "q=" + "%22" * 60_000,
        "q=the&exclude.tag=" + "x" * 60_000,
        "q=the" + "".join(f"&exclude.tag={n}{'x' * 500}" for n in range(100)),
        "q=the" + "".join(f"&q={n}{'%22' * 490}" for n in range(100)),
        "q=the&type=" + "x" * 60_000,
        "q=the&tag=" + "x" * 60_000,
        "q=the&x=" + "%22" * 60_000,
    ],
)
def test_long_queries_do_not_make_the_page_large(client, query):
    for n in range(31):
        make_note(body="The sea", tags=[f"tag {n}"])

    assert len(client.get(f"/search/?{query}").content) < 400_000


def test_every_page_reports_that_the_query_was_truncated(client):
    for day in range(1, 3):
        make_note(body="The sea", published=utc(2024 + day, 6, 1))
    remark = "Only the first 500 characters were searched for."

    page = visit(client, "/search/?q=the+" + "%22" * 600)
    narrower = visit(client, link(page, "2025"))

    assert remark in texts(page, ".remark")
    assert remark in texts(narrower, ".remark")


def test_facets_count_the_results(client):
    make_entry(title="The sea", tags=["sea", "wind"], published=utc(2023, 5, 1))
    make_note(body="The sea", tags=["sea"], published=utc(2024, 6, 1))
    make_note(body="The sea", published=utc(2024, 7, 1))
    make_note(body="The river", tags=["river"], published=utc(2022, 1, 1))

    page = visit(client, "/search/?q=sea")

    assert facet(page, "Kinds") == {"notes": "2", "entries": "1"}
    assert facet(page, "Years") == {"2023": "1", "2024": "2"}
    assert facet(page, "Tags") == {"sea": "2", "wind": "1"}
    assert facet(page, "Months") == {}


def test_months_are_a_facet_of_one_year(client):
    make_note(body="The sea", published=utc(2024, 6, 1))
    make_note(body="The sea", published=utc(2024, 7, 1))

    page = visit(client, "/search/?q=sea&year=2024")

    assert facet(page, "Months") == {"June": "1", "July": "1"}
    assert facet(page, "Years") == {}


def test_a_facet_narrows_the_search_and_its_pill_widens_it_again(client):
    entry = make_entry(title="The sea")
    note = make_note(body="The sea")
    page = visit(client, "/search/?q=sea&page=1&sort=date")

    narrow = visit(client, link(page, "entries"))
    wide = visit(client, link(narrow, "entry"))

    assert "page=" not in link(page, "entries")
    assert permalinks(narrow) == urls_of([entry])
    assert permalinks(wide) == urls_of([note, entry])


@pytest.mark.parametrize(
    ("query", "number"),
    [("tag=sea", 2), ("tag=sea&tag=wind", 1), ("exclude.tag=wind", 2), ("tag=sea&exclude.tag=wind", 1),
     ("type=note", 2),
     ("type=nothing", 0), ("type=NOTE", 2), ("q=two&type=nothing", 0), ("type=note&type=nothing", 2),
     ("year=2024", 2), ("year=2024&month=6", 1), ("year=99999", 0), ("month=13", 0), ("month=6", 1),
     ("q=three&month=6", 0),
     ("year=x", 0),
     ("q=type:note&year=2024", 2), ("tag=Sea", 2), ("sort=nothing", 0), ("tag=", 0), ("tag=%00", 0)],
)  # fmt: skip
def test_parameters_filter_the_results(client, query, number):
    make_entry(title="One", tags=["sea", "wind"], published=utc(2023, 5, 1))
    make_note(body="Two", tags=["sea"], published=utc(2024, 6, 1))
    make_note(body="Three", published=utc(2024, 7, 1))

    page = visit(client, f"/search/?{query}", status=400 if "%00" in query else 200)

    assert len(permalinks(page)) == number


def test_a_misspelled_word_is_corrected(client):
    post = make_entry(title="Gardening for everybody")

    page = visit(client, "/search/?q=gardning")
    better = visit(client, link(page, "gardening"))

    assert "It finds 1 post" in " ".join(page.select_one("p.empty").text.split())
    assert permalinks(better) == urls_of([post])


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ('"gardning tools"', '"gardening tools"'),
        ("gardning, tools", "gardening, tools"),
        ("(gardning)", "(gardening)"),
        ("tag:gardning", "tag:gardening"),
        ("type:entry gardning", "type:entry gardening"),
        ("-nothing gardning's", "-nothing gardening's"),
        ("gardning: tools", "gardening: tools"),
    ],
)
def test_a_misspelled_word_is_corrected_next_to_punctuation(client, typed, better):
    make_entry(title="Typed gardening tools", tags=["gardening"])

    page = visit(client, f"/search/?q={quote(typed)}")

    assert text(page.select_one("p.empty a")) == better


@pytest.mark.parametrize("query", ["q=gardn&tag=none", "q=ot", "q=%22%22+gard"])
def test_text_that_resembles_no_word_is_not_corrected(client, query):
    make_entry(title="Typed gardening tools")

    assert "Did you mean" not in visit(client, f"/search/?{query}").text


def test_words_of_drafts_are_not_suggested(client):
    make_entry(title="Zirconium", is_draft=True)

    assert "zirconium" not in visit(client, "/search/?q=zirconum").text


def test_the_feed_of_a_search_without_words_has_a_title(client):
    make_note(tags=["sea"], published=utc(2024, 6, 1))

    page = visit(client, "/search/?tag=sea&exclude.tag=land&type=note&year=2024&month=6")
    found = page.select_one("link[type='application/atom+xml']")
    feed = feedparser.parse(client.get(found["href"]).content)

    assert found["title"] == feed.feed.title == "Weblog: sea without land note 2024 month 6"


def test_a_search_has_a_feed(client):
    post = make_note(body="The sea", tags=["sea"])
    make_note(body="The river")

    page = visit(client, "/search/?q=sea&tag=sea&sort=date")
    address = page.select_one("link[type='application/atom+xml']")["href"]
    feed = feedparser.parse(client.get(address).content)

    assert address == "/search/atom/?q=sea&tag=sea"
    assert not feed.bozo
    assert [entry.id for entry in feed.entries] == [post.uuid.urn]


@pytest.mark.parametrize("query", ["", "?q=", "?q=+++"])
def test_without_a_query_there_are_no_results(client, query):
    make_note()

    page = visit(client, f"/search/{query}")

    assert page.select_one("main input[name=q]")
    assert permalinks(page) == []
    assert page.select(".facet") == []


def test_results_are_paginated(client):
    posts = [make_note(body="The sea", published=utc(2024, 6, day)) for day in range(1, 31)]
    last = make_note(body="The sea", published=utc(2024, 5, 1))

    assert permalinks(visit(client, "/search/?q=sea&sort=date&page=2")) == urls_of([last])
    assert len(permalinks(visit(client, "/search/?q=sea"))) == len(posts)


def test_results_are_not_indexed_and_facets_not_followed(client):
    assert visit(client, "/search/").select("meta[name=robots]") == []
    make_note(body="The sea")

    page = visit(client, "/search/?q=sea")

    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    assert all("nofollow" in a["rel"] for a in page.select(".facet a"))


@pytest.mark.parametrize("order", ["date", "relevance"])
def test_a_search_takes_at_most_eleven_queries(client, django_assert_max_num_queries, order):
    for n in range(40):
        for make in FACTORIES.values():
            make(
                body=f"The sea, {n}",
                tags=["sea", f"tag {n}", f"other {n}"],
                published=utc(2000 + n % 20, 5, 1, 1, n),
            )
    assert Post.objects.count() == 160

    with django_assert_max_num_queries(11):
        page = visit(client, f"/search/?q=sea&tag=sea&exclude.tag=none&sort={order}")

    assert len(permalinks(page)) == 30


def test_suggestions_are_tags_by_use_and_titles_by_date(client, django_assert_max_num_queries):
    make_entry(title="Sea and wind", tags=["sea", "seaside"], published=utc(2024, 1, 1))
    newer = make_blogmark(link_title="By the seaside", tags=["sea"], published=utc(2024, 1, 2))
    make_note(title="Sea secrets", is_draft=True, tags=["sealed"])

    client.get("/")
    with django_assert_max_num_queries(6):
        response = client.get("/search/suggestions/?q=sea").json()

    assert [(tag["label"], tag["number"]) for tag in response["tags"]] == [("sea", 2), ("seaside", 1)]
    assert [post["label"] for post in response["posts"]] == ["By the seaside", "Sea and wind"]
    assert response["posts"][0]["url"] == newer.get_absolute_url()


@pytest.mark.parametrize("typed", ["", "%20", "a%00b", "'", "%22", "*", "-", "x" * 5000, "🎉"])
def test_suggestions_handle_any_input(client, typed):
    response = client.get(f"/search/suggestions/?q={typed}")

    assert response.status_code == (400 if "%00" in typed else 200)
