"""The pages of a tag and of combined tags, the tag index, and random posts."""

from urllib.parse import urlencode

import pytest

from blog.models import PreviousTagName, Tag
from tests.factories import make_blogmark, make_entry, make_note, make_tag, make_timeline, saving_in_bulk, utc
from tests.helpers.browsing import fill_in, paths, permalinks, text, texts, urls_of, visit

pytestmark = pytest.mark.django_db


def test_posts_of_every_kind_are_listed_newest_first(client):
    posts = make_timeline(8, tags=["sea"])
    make_note(tags=["land"])

    page = visit(client, "/tags/sea/")

    assert permalinks(page) == urls_of(reversed(posts))
    assert texts(page, "h1") == ["8 posts tagged “sea”"]


def test_the_heading_of_one_post_is_singular(client):
    make_note(tags=["sea"])

    assert texts(visit(client, "/tags/sea/"), "h1") == ["1 post tagged “sea”"]


def test_each_year_has_a_heading(client):
    for year in (2023, 2023, 2024):
        make_note(tags=["sea"], published=utc(year, 6, 8))

    page = visit(client, "/tags/sea/")

    assert texts(page, "main h2") == ["2024", "2023"]
    assert "8th June 2024, 12 pm" in text(page.select_one("a[rel~=bookmark]"))


def test_its_description_is_shown(client):
    make_tag("sea", description="Salt *water*.")
    make_note(tags=["sea"])

    assert "Salt water." in texts(visit(client, "/tags/sea/"), "main p")


def test_its_feed_is_linked(client):
    make_note(tags=["sea", "C++"])

    assert "/tags/sea.atom" in paths(visit(client, "/tags/sea/"), "link[rel=alternate]")
    assert "/tags/c-plus-plus+sea.atom" in paths(
        visit(client, "/tags/c-plus-plus+sea/"), "link[rel=alternate]"
    )


def test_combined_tags_list_posts_that_have_all_of_them(client):
    both = make_entry(tags=["sea", "wind"])
    make_blogmark(tags=["sea"])
    make_blogmark(tags=["wind"])

    page = visit(client, "/tags/sea+wind/")

    assert permalinks(page) == urls_of([both])
    assert texts(page, "h1") == ["1 post tagged “sea + wind”"]


@pytest.mark.parametrize(
    "path",
    [
        "/tags/sea+typo/",
        "/tags/typo/",
        "/tags/land+sea/",
        "/tags/lonely/",
        "/tags/LONELY/",
        "/tags/lonely+sea/",
        "/tags/only/",
        "/random/lonely/",
        "/random/LONELY/",
        "/tags/lonely.atom",
        "/tags/LONELY.atom",
        "/tags/only.atom",
    ],
)
def test_tags_without_a_common_public_post_are_not_found(client, path):
    make_note(tags=["sea"])
    make_note(tags=["land"])
    PreviousTagName.objects.create(name="only", tag=make_tag("lonely"))

    visit(client, path, status=404)


@pytest.mark.parametrize("address", ["/tags/{}/", "/tags/{}.atom", "/random/{}/", "/tags/sea+{}/"])
def test_an_overlong_name_is_not_found(client, address):
    make_note(tags=["sea"])

    assert client.get(address.format("x" * 60_000)).status_code == 404


def test_combined_tags_paginate_only_the_newest_posts(client, monkeypatch):
    monkeypatch.setattr("blog.views.tags.MAX_COMBINED_POSTS", 31)
    with saving_in_bulk():
        posts = [
            make_note(tags=["sea", "wind"], published=utc(2024, 6, 1, 8, minute)) for minute in range(33)
        ]

    first, last = visit(client, "/tags/sea+wind/"), visit(client, "/tags/sea+wind/?page=last")

    newest = urls_of(posts[::-1])
    assert permalinks(first) == newest[:30]
    assert permalinks(last) == newest[30:31]
    assert texts(first, "h1") == ["The newest 31 posts tagged “sea + wind”"]
    assert first.find("meta", {"name": "description"})["content"] == texts(first, "h1")[0]


def test_at_most_five_tags_can_be_combined(client):
    make_note(tags="abcdef")

    visit(client, "/tags/a+b+c+d+e/")
    visit(client, "/tags/a+b+c+d+e+f/", status=404)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/tags/SEA/", "/tags/sea/"),
        ("/tags/Ocean/", "/tags/sea/"),
        ("/tags/the-deep/", "/tags/sea/"),
        ("/tags/ocean+WIND/", "/tags/sea+wind/"),
        ("/tags/wind+sea/", "/tags/sea+wind/"),
        ("/tags/wind+sea.atom", "/tags/sea+wind.atom"),
        ("/tags/WIND+ocean.atom", "/tags/sea+wind.atom"),
        ("/random/wind+sea/", "/random/sea+wind/"),
        ("/tag/sea/", "/tags/sea/"),
        ("/tag/ocean/", "/tags/sea/"),
        ("/tags/sea+sea/", "/tags/sea/"),
        ("/tags/ocean+sea/", "/tags/sea/"),
    ],
)
def test_other_names_redirect_directly_to_the_tag(client, path, target):
    make_note(tags=["sea", "wind"])
    make_note(tags=["sea"])
    sea = make_note(tags=["sea"]).tags.get()
    for name in ("ocean", "The Deep"):
        PreviousTagName.objects.create(name=name, tag=sea)

    response = client.get(f"{path}?page=1")

    assert response.status_code == 301
    assert response["Location"] == f"{target}?page=1"


def test_a_tag_wins_over_the_former_name_of_another(client):
    PreviousTagName.objects.create(name="ocean", tag=make_tag("sea"))
    post = make_note(tags=["ocean"])

    assert permalinks(visit(client, "/tags/ocean/")) == urls_of([post])


def test_the_index_lists_every_public_tag_with_its_number(client):
    for names in (["wind", "sea", "C++"], ["sea"], ["Ant", "bee"]):
        make_note(tags=names)
    make_note(tags=["sea", "secret"], is_draft=True)
    make_tag("lonely")

    page = visit(client, "/tags/")

    assert texts(page, "main a[rel=tag]") == ["Ant", "bee", "C++", "sea", "wind"]
    assert paths(page, "main a[rel=tag]") == [
        f"/tags/{slug}/" for slug in ("ant", "bee", "c-plus-plus", "sea", "wind")
    ]
    assert texts(page, "main .count") == ["1", "1", "1", "2", "1"]


def test_the_index_of_a_site_without_tags_says_so(client):
    make_note()

    assert "No post has a tag yet" in text(visit(client, "/tags/").main)


# In the sidebar


def test_related_tags_are_those_of_the_same_public_posts_most_used_first(client):
    for names in (["sea", "wind", "salt"], ["sea", "wind"], ["wind"], ["land"]):
        make_note(tags=names)
    make_note(tags=["sea", "secret", "salt"], is_draft=True)

    page = visit(client, "/tags/sea/")

    assert texts(page, ".facet li") == ["wind", "salt"]


def test_combined_tags_have_no_related_tags(client):
    make_note(tags=["sea", "wind", "salt"])

    assert not visit(client, "/tags/sea+wind/").select(".facet")


def test_every_post_with_the_tag_can_be_the_random_one(client):
    posts = make_timeline(3, tags=["sea"])
    make_note(tags=["land"])
    make_note(tags=["sea"], is_draft=True)

    seen = {client.get("/random/sea/").url for _ in range(60)}

    assert seen == set(urls_of(posts))


def test_the_random_redirect_is_not_cached(client):
    make_note(tags=["sea"])

    response = client.get("/random/sea/")

    assert response.status_code == 302
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("uses", [1000, 10**6])
def test_a_random_post_is_found_even_if_the_stored_count_is_too_high(client, uses):
    post = make_note(tags=["sea"])
    Tag.objects.update(uses=uses)

    assert client.get("/random/sea/").url == post.get_absolute_url()


def test_a_tag_without_posts_has_no_random_post(client):
    make_tag("sea", uses=3)

    assert client.get("/random/sea/").status_code == 404


def test_a_search_form_is_shown_only_for_many_posts(client):
    make_timeline(11, tags=["sea", "wind"])
    make_timeline(10, tags=["land"], start=utc(2024, 1, 1))
    found = make_note(title="Boats", tags=["sea", "wind"])
    make_note(title="Boats", tags=["sea"])

    [form] = visit(client, "/tags/sea+wind/").select("aside form[role=search]")
    query = urlencode(fill_in(form, q="boats"), doseq=True)

    assert query == "q=boats&tag=wind"
    assert form.select_one("[name=q]")["aria-label"] == form["aria-label"] == "Search in sea + wind"
    tags = [box["value"] for box in form.select("[name=tag]")]
    page = visit(client, "/search/?" + urlencode({"q": "boats", "tag": tags}, doseq=True))
    assert permalinks(page) == urls_of([found])
    assert not visit(client, "/tags/land/").select("aside form")


def test_the_search_box_of_every_page_searches_everything(client):
    make_timeline(11, tags=["sea"])

    [form] = visit(client, "/tags/sea/").select("header form[role=search]")

    assert fill_in(form) == {"q": ""}
    assert form["aria-label"] == "Search"


def test_a_chart_shows_posts_by_year(client):
    for year in (2020, 2022, 2022):
        make_note(tags=["sea"], published=utc(year, 6, 1))
    make_note(tags=["sea"], published=utc(2021, 6, 1), is_draft=True)

    [chart] = visit(client, "/tags/sea/").select("figure.chart")

    assert chart.svg["aria-label"] == "Posts by year: 2020: 1, 2021: 0, 2022: 2"
    assert [float(bar["height"]) for bar in chart.select("rect")] == [12, 0, 24]
    assert texts(chart, "figcaption span") == ["2020", "at most 2, in 2022", "2022"]


def test_a_single_year_has_no_chart(client):
    make_note(tags=["sea"])

    assert not visit(client, "/tags/sea/").select("svg")
