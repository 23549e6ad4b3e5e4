"""A post at its permalink."""

import pytest

from tests.factories import (
    FACTORIES,
    make_blogmark,
    make_entry,
    make_note,
    make_quotation,
    make_series,
    set_site,
    utc,
)
from tests.helpers.browsing import paths, permalinks, scripts_in, text, texts, urls_of, visit

pytestmark = pytest.mark.django_db

NOON = utc(2024, 6, 8)


@pytest.fixture
def show(client):
    """Return a function that fetches the page of a post."""
    return lambda post: visit(client, post.get_absolute_url())


def meta(page, name):
    return page.select_one(f"meta[name='{name}'], meta[property='{name}']")["content"]


def test_the_posts_before_and_after_are_linked(show):
    first, second, third = (make_note(published=NOON) for _ in range(3))  # at the same time
    last = make_entry(published=utc(2024, 6, 9), title="Rain")
    make_note(published=utc(2024, 6, 10), is_draft=True)
    make_note(published=utc(2999, 6, 10))

    def neighbours(post):
        page = show(post)
        return paths(page, "main [rel=prev]"), paths(page, "main [rel=next]")

    assert neighbours(first) == ([], urls_of([second]))
    assert neighbours(second) == (urls_of([first]), urls_of([third]))
    assert neighbours(third) == (urls_of([second]), urls_of([last]))
    assert neighbours(last) == (urls_of([third]), [])


def test_a_draft_has_no_neighbours(admin_client):
    make_note(published=NOON)
    draft = make_note(is_draft=True)

    assert not visit(admin_client, draft.get_absolute_url()).select("main .neighbours")


@pytest.mark.parametrize(
    ("make", "fields", "title"),
    [
        (make_entry, {"title": "Rain & <b>wind</b>"}, "Rain & <b>wind</b>"),
        (make_blogmark, {"link_title": "How it's made"}, "How it’s made"),
        (make_blogmark, {"link_title": "Long", "title": "Short"}, "Short"),
        (make_quotation, {"source": "Ada & Co"}, "Quoting Ada & Co"),
        (make_note, {"published": NOON}, "Note on 8th June 2024"),
        (make_note, {"title": "Rain"}, "Rain"),
    ],
)
def test_the_title_depends_on_the_kind(show, make, fields, title):
    page = show(make(**fields))

    assert page.title.get_text() == f"{title} — Weblog"
    assert meta(page, "og:title") == title


def test_an_entry_shows_its_title_and_full_text(show):
    page = show(make_entry(title="Rain & <b>", body="First.\n\nSecond *part*.\n\n> Quoted."))

    assert texts(page, "h1") == ["Rain & <b>"]
    assert texts(page, ".e-content p") == ["First.", "Second part.", "Quoted."]


def test_a_link_post_links_to_its_target_and_its_via(show):
    post = make_blogmark(
        link_url="https://example.com/?a=1&b=2",
        link_title="A & B",
        via_url="https://via.example/",
        via_title="A friend",
        body="*Worth* it.",
    )

    page = show(post)

    assert texts(page, "h1 a") == ["A & B"]
    assert paths(page, "h1 a") == ["https://example.com/?a=1&b=2"]
    assert [(a["href"], a["title"], text(a)) for a in page.select("main a[title]") if text(a) == "via"] == [
        ("https://via.example/", "A friend", "via")
    ]
    assert texts(page, ".e-content em") == ["Worth"]


def test_a_quotation_shows_its_source(show):
    post = make_quotation(
        body="So *it* is.", source="Ada & Co", source_url="https://example.com/", context="in *a* letter"
    )

    page = show(post)

    assert texts(page, "blockquote") == ["So it is."]
    assert page.blockquote["cite"] == "https://example.com/"
    assert texts(page, ".source") == ["— Ada & Co, in a letter"]
    assert paths(page, ".source a") == ["https://example.com/"]


def test_a_quotation_without_url_shows_its_source(show):
    page = show(make_quotation(source="Ada"))

    assert texts(page, ".source") == ["— Ada"]
    assert page.select(".source a") == []


@pytest.mark.parametrize("kind", FACTORIES)
def test_it_shows_its_time_and_links_to_its_day(show, kind):
    page = show(FACTORIES[kind](published=utc(2024, 6, 8, 21, 43)))

    assert page.select_one(".h-entry .dt-published")["datetime"] == "2024-06-08T21:43:00+00:00"
    assert text(page.select_one(".h-entry .dt-published")) == "9:43 pm"
    assert "/2024/Jun/8/" in paths(page, "main a")
    assert paths(page, ".breadcrumb a") == ["/2024/", "/2024/Jun/"]


@pytest.mark.parametrize("kind", FACTORIES)
def test_tags_are_sorted_alphabetically(show, kind):
    page = show(FACTORIES[kind](tags=["sea", "C++", "machine learning"]))

    assert texts(page, ".h-entry a[rel=tag]") == ["C++", "machine learning", "sea"]
    assert paths(page, ".h-entry a[rel=tag]") == [
        "/tags/c-plus-plus/",
        "/tags/machine-learning/",
        "/tags/sea/",
    ]


def test_its_metadata_is_in_the_head(show):
    post = make_entry(
        title="Rain", body="It *rains*.", published=NOON, card_image="https://example.com/a.png"
    )

    page = show(post)

    address = "http://testserver/2024/Jun/8/rain/"
    assert paths(page, "link[rel=canonical]") == [address]
    assert paths(page, "link[rel=shortlink]") == [f"/e/{post.number}"]
    assert meta(page, "og:url") == address
    assert meta(page, "og:type") == "article"
    assert meta(page, "og:description") == meta(page, "description") == "It rains."
    assert meta(page, "og:updated_time") == str(int(NOON.timestamp()))
    assert meta(page, "og:image") == "https://example.com/a.png"


def test_a_guest_is_named(show):
    assert texts(show(make_entry(byline="A guest")), ".p-author") == ["A guest"]


def test_it_shows_when_it_was_updated(show):
    post = make_entry(published=NOON)
    assert show(post).select(".dt-updated") == []

    post.body = "Changed."
    post.save()

    assert show(post).select_one(".dt-updated")


def test_its_series_is_listed_from_the_first_part_to_the_last(show):
    series = make_series(title="The sea")
    parts = [make_entry(series=series, published=utc(2024, 6, day)) for day in (3, 1, 2)]
    make_entry(series=series, is_draft=True)

    page = show(parts[2])

    assert texts(page, ".series h2") == ["Part of The sea"]
    assert texts(page, ".series li") == [parts[1].headline, parts[2].headline, parts[0].headline]
    assert paths(page, ".series li a") == urls_of([parts[1], parts[0]])


@pytest.mark.parametrize("shown", range(5))
def test_the_three_newest_other_entries_are_listed(show, shown):
    entries = [make_entry(published=utc(2024, 6, day)) for day in (8, 7, 6, 5, 4)]
    others = [entry for entry in entries if entry != entries[shown]]

    page = show(entries[shown])

    assert paths(page, ".recent a") == urls_of(others[:3])


@pytest.mark.parametrize("path", ["/2024/jun/8/rain/", "/2024/JUN/08/rain/"])
def test_other_spellings_redirect_to_the_canonical_url(client, path):
    make_entry(slug="rain", published=NOON)

    response = client.get(f"{path}?utm=1")

    assert response.status_code == 301
    assert response["Location"] == "/2024/Jun/8/rain/?utm=1"


def test_a_missing_slash_is_added(client):
    make_entry(slug="rain", published=NOON)

    assert client.get("/2024/Jun/8/rain")["Location"] == "/2024/Jun/8/rain/"


@pytest.mark.parametrize("path", ["/2024/Jun/8/other/", "/2024/Jun/9/rain/", "/2024/Jun/0/rain/"])
def test_an_unknown_permalink_is_not_found(client, path):
    make_entry(slug="rain", published=NOON)

    visit(client, path, status=404)


def test_legacy_html_keeps_its_markup(show):
    post = make_entry(body="<p>One&nbsp;<cite>two</cite><br>three", format="html")

    assert [text(p) for p in show(post).select(".e-content p")] == ["One twothree"]


def test_scripts_are_escaped(show):
    set_site(footer="<script>alert(1)</script>")
    page = show(
        make_entry(title="<script>alert(2)</script>", body="<script>alert(3)</script><b onclick=x>y</b>")
    )

    assert scripts_in(page) == []
    assert page.select("[onclick]") == []
    assert permalinks(page)
