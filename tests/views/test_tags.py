"""The page of a tag, of several tags together, and of all tags."""

import pytest

from blog.models import PreviousTagName
from tests.browsing import addresses, paths, permalinks, text, texts, visit
from tests.factories import make_blogmark, make_entry, make_note, make_tag, make_timeline, utc

pytestmark = pytest.mark.django_db


def test_it_lists_posts_of_every_kind_the_newest_first(client):
    posts = make_timeline(8, tags=["sea"])
    make_note(tags=["land"])

    page = visit(client, "/tags/sea/")

    assert permalinks(page) == addresses(reversed(posts))
    assert texts(page, "h1") == ["8 posts tagged “sea”"]


def test_one_post_is_one_post(client):
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


def test_its_feed_can_be_found(client):
    make_note(tags=["sea", "C++"])

    assert "/tags/sea.atom" in paths(visit(client, "/tags/sea/"), "link[rel=alternate]")
    assert "/tags/sea+c-plus-plus.atom" in paths(
        visit(client, "/tags/sea+c-plus-plus/"), "link[rel=alternate]"
    )


def test_several_tags_list_what_has_all_of_them(client):
    both = make_entry(tags=["sea", "wind"])
    make_blogmark(tags=["sea"])
    make_blogmark(tags=["wind"])

    page = visit(client, "/tags/wind+sea/")

    assert permalinks(page) == addresses([both])
    assert texts(page, "h1") == ["1 post tagged “wind + sea”"]


@pytest.mark.parametrize("path", ["/tags/sea+typo/", "/tags/typo/", "/tags/sea+land/", "/tags/lonely/"])
def test_tags_that_no_public_post_has_together_are_not_found(client, path):
    make_note(tags=["sea"])
    make_note(tags=["land"])
    make_tag("lonely")

    visit(client, path, status=404)


def test_at_most_five_tags_are_combined(client):
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
        ("/tag/sea/", "/tags/sea/"),
        ("/tag/ocean/", "/tags/sea/"),
        ("/tags/sea+sea/", "/tags/sea/"),
        ("/tags/ocean+sea/", "/tags/sea/"),
    ],
)
def test_another_name_leads_to_the_tag_at_once(client, path, target):
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

    assert permalinks(visit(client, "/tags/ocean/")) == addresses([post])


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
    assert texts(page, "main small") == ["1", "1", "1", "2", "1"]


def test_the_index_of_a_site_without_tags_says_so(client):
    make_note()

    assert "No post has a tag yet" in text(visit(client, "/tags/").main)
