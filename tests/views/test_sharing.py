"""Metadata for other sites and programs: Open Graph and JSON-LD."""

import json
from contextlib import closing

import pytest

from tests.factories import make_blogmark, make_entry, make_note, make_page, make_series, set_site, utc
from tests.helpers.browsing import scripts_in, visit

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
NOON = utc(2024, 6, 8)
PAGES = ["/", "/2024/", "/2024/Jun/", "/2024/Jun/8/", "/2024/Jun/8/rain/", "/notes/", "/tags/", "/tags/sea/"]
PAGES += ["/series/", "/series/all/", "/links/", "/links/example.com/", "/via/", "/colophon/", "/feeds/"]


def metadata(page):
    """The content of the page's <meta> elements by name. Fails if one is repeated."""
    tags = page.select("meta[property], meta[name]")
    pairs = [(tag.get("property") or tag["name"], tag["content"]) for tag in tags]
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def linked_data(page):
    scripts = page.select("script[type='application/ld+json']")
    return [json.loads(script.string) for script in scripts]


@pytest.fixture
def site():
    return set_site(title="Rain & wind", tagline='Of "weather"', author_name="Ada")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_a_title_url_and_card(client, site, path):
    site.state.draw_card(site)
    make_entry(slug="rain", tags=["sea"], published=NOON, series=make_series(slug="all"))
    make_blogmark(via_url="https://example.org/", published=NOON)
    make_page(slug="colophon")

    page = visit(client, path)
    properties = metadata(page)

    assert properties["og:title"] == page.title.get_text().removesuffix(" — Rain & wind")
    assert properties["og:site_name"] == "Rain & wind"
    assert properties["og:url"] == page.select_one("link[rel=canonical]")["href"] == SITE + path
    assert properties["og:image"] == f"{SITE}/media/{site.state.card}"
    assert properties["twitter:card"] == "summary_large_image"
    with closing(client.get(properties["og:image"])) as image:
        assert image.status_code == 200
    assert properties["og:type"] == ("article" if path.endswith("/rain/") else "website")
    assert properties["description"] == properties["og:description"]


def test_a_post_is_described_in_open_graph_and_json_ld(client, site):
    post = make_entry(
        title='A "title" <b>', body="So it is.", slug="rain", tags=["sea", "land"], published=NOON
    )

    page = visit(client, "/2024/Jun/8/rain/")

    properties = metadata(page)
    assert properties["og:title"] == "A “title” <b>"
    assert properties["og:description"] == "So it is."
    assert properties["article:published_time"] == "2024-06-08T12:00:00+00:00"
    assert "og:image" not in properties
    assert properties["twitter:card"] == "summary"
    [data] = linked_data(page)
    assert data["@type"] == "BlogPosting"
    assert data["headline"] == "A “title” <b>"
    assert data["url"] == SITE + post.get_absolute_url()
    assert data["datePublished"] == data["dateModified"] == "2024-06-08T12:00:00+00:00"
    assert data["author"] == {"@type": "Person", "name": "Ada"}
    assert data["keywords"] == ["land", "sea"]


def test_the_card_is_the_image_that_the_author_chose(client, site):
    image = "https://example.com/image.png"
    post = make_note(card_image=image, published=NOON)
    post.draw_card(site)

    page = visit(client, post.get_absolute_url())

    assert metadata(page)["og:image"] == image
    assert "og:image:width" not in metadata(page)
    assert linked_data(page)[0]["image"] == image


def test_without_a_chosen_image_the_card_is_the_generated_one(client, site):
    post = make_note(published=NOON)
    post.draw_card(site)

    properties = metadata(visit(client, post.get_absolute_url()))

    assert properties["og:image"] == f"{SITE}/media/{post.card}"
    assert (properties["og:image:width"], properties["og:image:height"]) == ("1200", "630")
    assert properties["og:image:alt"] == "Note on 8th June 2024"


def test_the_home_page_describes_the_weblog(client, site):
    [data] = linked_data(visit(client, "/"))

    assert data["@type"] == "Blog"
    assert (data["name"], data["description"], data["url"]) == ("Rain & wind", 'Of "weather"', f"{SITE}/")


def test_json_ld_cannot_close_its_script_element(client, site):
    post = make_entry(title="</script><script>alert(1)</script>", published=NOON)

    page = visit(client, post.get_absolute_url())

    assert linked_data(page)[0]["headline"] == "</script><script>alert(1)</script>"
    assert scripts_in(page) == []


def test_the_fediverse_account_of_the_author_is_named(client, site):
    assert "fediverse:creator" not in metadata(visit(client, "/"))

    set_site(fediverse="@ada@social.example")

    assert metadata(visit(client, "/"))["fediverse:creator"] == "@ada@social.example"


def test_a_draft_has_no_canonical_url(admin_client, site):
    properties = metadata(visit(admin_client, make_entry(is_draft=True).get_absolute_url()))

    assert "og:url" not in properties
    assert properties["robots"] == "noindex"
