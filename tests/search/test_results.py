"""Every query finds the posts that the reference implementation finds, on both databases."""

import pytest
from django.db import connection
from django.utils import translation

from blog.models import Entry, Post
from blog.search import months, results, sqlite
from blog.search.results import Search, parse
from tests.factories import make_blogmark, make_entry, make_note, make_quotation, make_timeline, utc
from tests.helpers.reference_search import found

pytestmark = pytest.mark.django_db

#: test_real_archive.py runs these on a whole archive as well.
QUERIES = [
    # words
    "python", "Python", "PYTHON tests", "running", "run", "runs quickly", "naïve", "naive", "STRASSE",
    "straße",
    "don't", "don’t", "Claude's", "c++", "c#", "c", "node.js", "3.11", "e-mail", "email", "snake_case",
    "中文", "文", "日本", "🎉", "🎉 party", "résumé", "the", "nothinglikethis",
    # phrases, prefixes, alternatives, exclusions
    '"running tests"', '"tests running"', '"python"', '"python', "pyth*", "te*", "runni*", "*", "p*",
    "zzz*", "by*", "in*", "in202406", "202406",
    "run-te*", "e-ma*", "in-the-str*", "state-of-the-run*", "run-the-tests*", "文*", "日本*",
    "-te*", "-run-te*",
    "python or quotation", "python OR note", "or", "or or", "python or", "or python", "python -tests",
    "-python", "-python -note", '-"running tests"', "- python", "--python", "-", '"', '""', '" "', '-""',
    # filters
    "tag:django", "tag:Django", "tag:machine-learning", 'tag:"machine learning"', "-tag:django",
    "tag:missing",
    "-tag:missing", "tag:", "tag:django tag:python", "type:entry", "type:ENTRY", "type:nothing",
    "type:note python",
    "year:2024", "year:0000", "year:99999", "year:x", "from:2024-06-08", "to:2024-06-08", "from:2024-02-31",
    "from:2024-06-08 to:2024-06-08", "from:2025-01-01 to:2024-01-01", "year:2024 from:2024-06-09",
    "year:2024 to:2024-02-28", "site:example.com",
    "site:www.example.com",
    "site:https://example.com/x", "site:missing.example", "site:", "by:knuth",
    'by:"Donald Knuth"', "by:donald",
    'by:"Knuth Donald"', "by:missing", "by:", "by:knuth python", "-by:knuth", "-type:note", "-year:2024",
    # malformed and hostile input
    "", " ", "\x00", "py\x00thon", "NOT", "AND", "NEAR(python)", "title:python", "body : python", "^python",
    "(python)", "{python}", "python & tests", "python | tests", "!python", "python:*", "python:A", "<->",
    "'",
    "tag: django", "year: 2024", '"" tag:', "tag:\"\"", "-tag: -", "by:* python", "x: y:",
    "''; DROP TABLE blog_post; --", "%", "_", "\\", "\\'", "a" * 10_000, "python " * 2_000, "😀" * 500,
    "\u202epython", "\ud800", "tag:" * 50, "x:y", "http://example.com/a", "::", "-:-", "tag:a+b",
    "year:2024 year:2023",
    # words and filters together
    "tag:django python", "tag:python -running", "tag:django -run run", "tag:missing python",
    "site:example.com run", "site:example.com -run", "tag:django site:example.com run",
    "year:2024 python -note", "from:2024-06-08 python", "from:2024-01-01 type:quotation -duck by:donald",
    "to:2024-06-08 python", "year:2024 -tag:django te*",
]  # fmt: skip


@pytest.fixture
def posts():
    make_entry(
        title="Running Python tests",
        body="How to run the tests quickly.",
        tags=["django", "python"],
        published=utc(2024, 6, 8),
    )
    make_entry(
        title="Naïve résumé in the Straße",
        body="An [e-mail](https://example.com/x) about C++ and C#.",
        tags=["machine learning"],
        published=utc(2024, 6, 9),
    )
    make_blogmark(
        link_title="Claude's node.js party 🎉",
        link_url="https://www.example.com/a",
        body="Don't run 3.11.",
        tags=["Django"],
        published=utc(2023, 1, 1),
    )
    make_blogmark(
        link_title="中文 日本語",
        link_url="https://other.example/",
        via_url="https://example.com/via",
        body="snake_case and c",
        published=utc(2023, 12, 31),
    )
    make_quotation(
        body="Premature optimisation",
        source="Donald Knuth",
        context="about *Python*",
        published=utc(2024, 2, 29),
    )
    make_quotation(body="A quotation of somebody else", source="Donald Duck", published=utc(2024, 2, 28))
    make_note(body="A note: the tests are running; python was mentioned.", published=utc(2025, 1, 1))
    make_note(body="A draft about python", is_draft=True)
    make_note(body="Tomorrow: python", published=utc(2999, 1, 1))  # fmt: skip


def test_every_query_finds_what_the_reference_finds(posts):
    searches = {text: Search(Post.objects.published(), parse(text)) for text in QUERIES}

    differing = {
        text: set(search.ids)
        for text, search in searches.items()
        if set(search.ids) != found(search.query, search.tags)
    }

    assert differing == {}


@pytest.mark.parametrize("near", [1, 2, 4])
@pytest.mark.parametrize("most", [1, 3, 100])
@pytest.mark.parametrize("listed", [-1, 2])
def test_month_windows_do_not_change_results(posts, monkeypatch, near, most, listed):
    newest = {text: Search(Post.objects.published(), parse(text)).ids for text in QUERIES}
    monkeypatch.setattr(months, "FIRST_WINDOW_POSTS", near)
    monkeypatch.setattr(results, "MAX_LISTED", listed)
    monkeypatch.setattr(results, "MAX_RESULTS", most)

    differing = [
        text for text in QUERIES if Search(Post.objects.published(), parse(text)).ids != newest[text][:most]
    ]

    assert differing == []


@pytest.mark.parametrize("one_by_one", [0, 50])
@pytest.mark.parametrize("few", [-1, 0, 1, 3])
def test_searching_only_filtered_posts_does_not_change_results(posts, monkeypatch, few, one_by_one):
    usual = {text: Search(Post.objects.published(), parse(text), "relevance").ids for text in QUERIES}
    monkeypatch.setattr(results, "MAX_FILTERED", few)
    monkeypatch.setattr(sqlite, "MAX_ONE_BY_ONE", one_by_one)

    differing = [
        text
        for text in QUERIES
        if Search(Post.objects.published(), parse(text), "relevance").ids != usual[text]
    ]

    assert differing == []


@pytest.mark.parametrize("years", [0, 100])
@pytest.mark.parametrize(
    ("text", "number"), [("quotation", 1), ("-quotation", 1), ("python -duck", 1), ("note", 0)]
)
def test_a_month_without_a_year_matches_that_month_of_every_year(posts, monkeypatch, text, number, years):
    monkeypatch.setattr(months, "MAX_YEARS", years)
    query = parse(text)
    query.month = 2

    found = Search(Post.objects.published(), query).ids

    assert len(found) == number
    assert {post.day.month for post in Post.objects.filter(pk__in=found)} <= {2}


@pytest.mark.parametrize("year", [2024, 2999])
def test_an_author_finds_drafts_of_a_month_in_any_year(year):
    draft = make_note(body="Rain", published=utc(year, 6, 8), is_draft=True)
    query = parse("rain")
    query.month = 6

    assert Search(Post.objects.all(), query).ids == [draft.pk]


def test_a_repeated_word_appears_once_in_the_expression():
    once, often = (results.wanted_expression(parse(text)) for text in ("python", "python " * 9))

    assert once == often


def test_only_the_filtered_posts_are_looked_up_if_they_are_few(posts):
    make_timeline(40, start=utc(2025, 1, 2))
    asked = []

    with connection.execute_wrapper(lambda execute, *query: asked.append(query[0]) or execute(*query)):
        assert len(Search(Post.objects.published(), parse("tag:django run")).ids) == 2

    [sql] = [sql for sql in asked if "blog_search" in sql]
    assert "blog_post" not in sql


def test_wanted_and_unwanted_words_are_one_index_query():
    """PostgreSQL could rebuild a separate list of unwanted posts for each post."""
    posts = results.matching(Post.objects.published(), parse("python -note -duck"))

    assert str(posts.query).count("SELECT") == 2


def test_an_unwanted_word_can_be_searched_for_in_a_kind_queryset(posts):
    found = Search(Entry.objects.all(), parse("-running")).ids

    assert [Entry.objects.get(pk=pk).title for pk in found] == ["Naïve résumé in the Straße"]


@pytest.mark.parametrize(("text", "number"), [("note", 3), ("naive", 4), ("note year:2025", 3)])
def test_common_words_need_one_window_and_rarer_ones_two(
    posts, monkeypatch, django_assert_num_queries, text, number
):
    make_timeline(40, start=utc(2025, 1, 2))
    monkeypatch.setattr(months, "FIRST_WINDOW_POSTS", 20)
    monkeypatch.setattr(results, "MAX_RESULTS", 4)
    monkeypatch.setattr(results, "MAX_LISTED", 0)
    assert Search(Post.objects.published(), parse(text)).ids
    asks_whether_few = connection.vendor == "sqlite" and not parse(text).has_filters

    with django_assert_num_queries(number + asks_whether_few):
        assert Search(Post.objects.published(), parse(text)).ids


def test_sqlite_lists_all_matches_of_a_rare_word(posts, django_assert_num_queries):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL cannot stop at a limit")

    with django_assert_num_queries(2):
        assert Search(Post.objects.published(), parse("naive")).ids


@pytest.mark.parametrize("name", ["blogmark", "blogmarks", "link", "links", "LINKS"])
def test_a_kind_can_be_named_as_in_urls_and_on_pages(name):
    assert parse(f"type:{name}").kinds == ["blogmark"]


def test_a_kind_can_be_named_in_the_language_of_the_site():
    with translation.override("de"):
        assert parse("type:zitat type:Notizen").kinds == ["quotation", "note"]


def test_queries_find_what_a_reader_expects(posts):
    numbers = {text: len(Search(Post.objects.published(), parse(text)).ids) for text, _ in EXPECTED}

    assert numbers == dict(EXPECTED)


EXPECTED = [
    ("python", 3), ("run*", 3), ('"run the tests"', 1), ('"tests running"', 0), ("tag:django", 2),
    ("site:example.com", 3), ("by:donald", 2),
    ("by:knuth", 1), ("c++", 1), ("naive", 1), ("文", 1), ("🎉", 1), ("-python", 4),
    ("type:entry year:2024", 2),
    ("from:2024-02-28 to:2024-02-29", 2), ("python -tests", 1),
    ("quickly-te*", 0), ("run-the-te*", 1), ("state-of-the-run*", 0), ("p*", 0),
]  # fmt: skip


def test_a_match_in_the_title_ranks_above_one_in_the_body():
    in_text = make_entry(title="Something else", body="A word about gardening.", published=utc(2024, 1, 2))
    in_title = make_entry(title="Gardening", body="Something.", published=utc(2024, 1, 1))

    search = Search(Post.objects.published(), parse("gardening"), "relevance")

    assert search.ids == [in_title.pk, in_text.pk]


@pytest.mark.parametrize("query", ["alpha 202406", "alpha 2024*"])
def test_a_word_that_equals_an_indexed_month_is_ranked_by_its_frequency_in_texts(query):
    """PostgreSQL ranks by frequency within a post only, so its order differs."""
    for day in range(1, 29):
        make_note(body=f"Filler {day}", published=utc(2024, 6, day))
    for day in range(1, 11):
        make_note(body="alpha common", published=utc(2023, 1, day))
    named = make_note(title="202406 report", body="alpha " + "pad " * 6, published=utc(2024, 6, 3))
    other = make_note(title="pad", body="202406 alpha alpha alpha alpha", published=utc(2024, 6, 2))

    expected = [named.pk, other.pk] if connection.vendor == "sqlite" else [other.pk, named.pk]
    assert Search(Post.objects.published(), parse(query), "relevance").ids == expected


def test_a_one_letter_prefix_is_searched_as_a_word_with_a_remark():
    query = parse("p* py* 文*")

    assert query.remarks == [
        "“p*” is too short for a prefix search, so it was searched for as a whole word.",
        "“文*” is too short for a prefix search, so it was searched for as a whole word.",
    ]
    assert [group[0].is_prefix for group in query.wanted] == [False, True, False]


def test_a_fifth_prefix_is_searched_as_a_word_with_a_remark():
    query = parse("aa* or bb* cc* -dd* ee*")

    assert query.remarks == ["“ee*” is one prefix too many, so it was searched for as a whole word."]
    assert query.wanted[-1][0].is_prefix is False


def test_an_invalid_filter_is_searched_as_words_with_a_remark():
    query = parse("from:2024-02-31 python")

    assert query.remarks == ["“from:2024-02-31” was not understood and was searched for as words."]
    assert query.wanted[-1][0].tokens == ("python",)
