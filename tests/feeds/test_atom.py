"""Atom feeds (RFC 4287): contents, ids, dates and titles."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from lxml import etree

from blog.models import Post, PreviousTagName
from tests.factories import (
    FACTORIES,
    make_blogmark,
    make_entry,
    make_note,
    make_quotation,
    make_series,
    make_timeline,
    set_site,
    utc,
)
from tests.feeds.reading import fetch, find, read
from tests.helpers.browsing import paths, texts, urls_of, visit

pytestmark = pytest.mark.django_db

NOON = utc(2024, 6, 8)
#: The feed of each page that has one.
FEEDS = {
    "/": "/atom/everything/",
    **{f"/{kind.listing}/": f"/atom/{kind.feed}/" for kind in Post.kinds().values()},
    "/tags/ant/": "/tags/ant.atom",
    "/tags/ant+bee/": "/tags/ant+bee.atom",
    "/series/insects/": "/series/insects.atom",
}
FEEDS_WITHOUT_PAGE = [f"/atom/everything-but-{kind.feed}/" for kind in Post.kinds().values()]


@pytest.fixture
def posts():
    return make_timeline(12, series=make_series(title="Insects", slug="insects"))


@pytest.mark.parametrize("path", [*FEEDS.values(), *FEEDS_WITHOUT_PAGE, "/atom/"])
def test_feeds_are_valid(client, posts, path):
    tree = fetch(client, path)
    feed = read(client, path)

    assert feed.version == "atom10"
    assert feed.entries
    assert len(find(tree, "//atom:entry/atom:link[@rel='alternate']")) == len(feed.entries)
    assert find(tree, "/atom:feed/atom:author/atom:name/text()") == ["The author"]


@pytest.mark.parametrize(("page", "path"), FEEDS.items())
def test_a_page_and_its_feed_link_to_each_other(client, posts, page, path):
    links = visit(client, page).select("link[rel=alternate][type='application/atom+xml']")

    feed = read(client, path).feed
    assert links[0]["href"] == path
    assert links[0]["title"] == feed.title
    assert feed.link == f"http://testserver{page}"
    assert [link.href for link in feed.links if link.rel == "self"] == [f"http://testserver{path}"]


def test_every_page_links_to_the_feed_of_everything(client, posts):
    for page in (*FEEDS, "/2024/", "/2024/Jun/", "/2024/Jun/8/", posts[0].get_absolute_url(), "/about/"):
        links = paths(visit(client, page), "link[rel=alternate]")
        assert links[-3:] == ["/atom/everything/", "/rss/everything/", "/json/everything/"]


def test_the_short_url_is_the_feed_of_everything(client, posts):
    assert client.get("/atom/").content == client.get("/atom/everything/").content


def test_a_feed_has_the_newest_thirty_posts(client):
    posts = make_timeline(33)

    feed = read(client)

    assert [entry.link for entry in feed.entries] == [
        f"http://testserver{address}" for address in urls_of(reversed(posts))[:30]
    ]


@pytest.mark.parametrize("kind", Post.kinds().values(), ids=Post.kinds().keys())
def test_the_feed_of_everything_but_a_kind_has_the_others(client, kind):
    posts = make_timeline(60)

    feed = read(client, f"/atom/everything-but-{kind.feed}/")

    ids = [post.uuid.urn for post in reversed(posts) if not isinstance(post, kind)]
    assert [entry.id for entry in feed.entries] == ids[:30]
    assert feed.feed.title == f"Weblog: Everything but {kind.label_plural}"


@pytest.mark.parametrize("kind", Post.kinds().values(), ids=Post.kinds().keys())
def test_the_feed_of_a_kind_has_only_that_kind(client, posts, kind):
    feed = read(client, f"/atom/{kind.feed}/")

    ids = [post.uuid.urn for post in reversed(posts) if isinstance(post, kind)]
    assert [entry.id for entry in feed.entries] == ids


def test_the_feed_of_combined_tags_has_posts_with_all_of_them(client):
    both = make_note(tags=["ant", "bee"])
    make_note(tags=["ant"])

    assert [entry.id for entry in read(client, "/tags/ant+bee.atom").entries] == [both.uuid.urn]


def test_the_feed_of_a_series_starts_with_the_newest_part(client, posts):
    feed = read(client, "/series/insects.atom")

    assert [entry.id for entry in feed.entries] == [post.uuid.urn for post in reversed(posts)]
    assert feed.feed.title == "Weblog: Insects"


def test_each_feed_has_an_id_of_its_own(client, posts):
    ids = {read(client, path).feed.id for path in FEEDS.values()}

    assert len(ids) == len(FEEDS)
    assert all(id.startswith("urn:uuid:") for id in ids)


@pytest.mark.parametrize("make", FACTORIES.values(), ids=FACTORIES)
def test_the_id_of_a_post_survives_changes_of_slug_day_and_title(client, make):
    post = make(published=NOON)
    before = read(client).entries[0]

    post.slug, post.published, post.title = "moved", NOON + timedelta(days=1), "Renamed"
    post.save()

    after = read(client).entries[0]
    assert after.id == before.id == post.uuid.urn
    assert after.link == "http://testserver/2024/Jun/9/moved/"


def test_a_post_has_its_publication_and_update_times(client, time_machine):
    time_machine.move_to(NOON + timedelta(hours=5), tick=False)
    post = make_entry(published=NOON)
    tree = fetch(client, "/atom/everything/")
    assert find(tree, "//atom:entry/atom:published/text()") == ["2024-06-08T12:00:00+00:00"]
    assert find(tree, "//atom:updated/text()") == ["2024-06-08T12:00:00+00:00"] * 2

    post.body = "Changed."
    post.save()

    tree = fetch(client, "/atom/everything/")
    assert find(tree, "//atom:entry/atom:published/text()") == ["2024-06-08T12:00:00+00:00"]
    assert find(tree, "//atom:updated/text()") == ["2024-06-08T17:00:00+00:00"] * 2


def test_a_published_draft_is_dated_when_it_was_published(client, time_machine):
    time_machine.move_to(NOON - timedelta(days=7), tick=False)
    draft = make_entry(is_draft=True)
    time_machine.move_to(NOON - timedelta(days=1), tick=False)
    make_note()
    time_machine.move_to(NOON, tick=False)

    draft.is_draft = False
    draft.save()

    entry = read(client).entries[0]
    assert (entry.id, entry.published) == (draft.uuid.urn, "2024-06-08T12:00:00+00:00")


@pytest.mark.parametrize("fields", [{"is_draft": True}, {"published": utc(2999, 1, 1)}])
@pytest.mark.parametrize("path", ["/tags/secret.atom", "/series/secret.atom"])
def test_a_feed_without_public_posts_is_not_found(client, path, fields):
    make_note(tags=["secret"], series=make_series(slug="secret"), **fields)

    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/tags/never.atom", "/series/never.atom", "/atom/never/"])
def test_an_unknown_feed_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_the_feed_of_everything_may_be_empty(client):
    assert read(client).entries == []
    fetch(client, "/atom/everything/")


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/tags/SEA.atom", "/tags/sea.atom"),
        ("/tags/ocean.atom", "/tags/sea.atom"),
        ("/tags/ocean+wind.atom", "/tags/sea+wind.atom"),
    ],
)
def test_the_feed_of_a_renamed_tag_redirects(client, path, target):
    post = make_note(tags=["sea", "wind"])
    PreviousTagName.objects.create(name="ocean", tag=post.tags.get(name="sea"))

    response = client.get(path)

    assert (response.status_code, response["Location"]) == (301, target)
    assert response["Access-Control-Allow-Origin"] == "*"


def test_tags_are_categories(client):
    make_note(tags=["sea", "C++", "machine learning"])

    terms = find(fetch(client, "/atom/everything/"), "//atom:category/@term")

    assert terms == ["C++", "machine learning", "sea"]


def test_a_guest_is_the_author_of_a_guest_post(client):
    set_site(author_name="Me")
    make_note(byline="A guest")

    tree = fetch(client, "/atom/everything/")

    assert find(tree, "/atom:feed/atom:author/atom:name/text()") == ["Me"]
    assert find(tree, "//atom:entry/atom:author/atom:name/text()") == ["A guest"]


def test_titles_come_from_the_site_settings(client):
    set_site(title="Tom & Jerry", tagline="Cats > mice", language="pt-br")

    feed = fetch(client, "/atom/links/")

    assert find(feed, "/atom:feed/atom:title/text()") == ["Tom & Jerry: Links"]
    assert find(feed, "/atom:feed/atom:subtitle/text()") == ["Cats > mice"]
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "pt-br"


def contents(client):
    """The HTML of each post in the feed of everything."""
    return find(fetch(client, "/atom/everything/"), "//atom:entry/atom:content[@type='html']/text()")


def test_an_entry_has_its_full_text_and_no_summary(client):
    make_entry(body="First.\n\nSecond *part*.")

    [html] = contents(client)

    assert texts(BeautifulSoup(html, "lxml"), "p") == ["First.", "Second part."]
    assert find(fetch(client, "/atom/everything/"), "//atom:summary") == []


def test_the_content_of_a_link_post_links_to_its_target_and_its_via(client):
    make_blogmark(link_url="https://example.com/?a=1&b=2", via_url="https://via.example/", body="Good.")

    [html] = contents(client)

    page = BeautifulSoup(html, "lxml")
    assert paths(page) == ["https://example.com/?a=1&b=2", "https://via.example/"]
    assert "Good." in texts(page, "p")


def test_the_content_of_a_quotation_includes_its_source(client):
    make_quotation(
        body="So it is.", source="Ada & Co", source_url="https://example.com/", context="in *a* letter"
    )

    [html] = contents(client)

    page = BeautifulSoup(html, "lxml")
    assert texts(page, "blockquote") == ["So it is."]
    assert "— Ada & Co, in a letter" in texts(page, "p")
    assert paths(page) == ["https://example.com/"]


@pytest.mark.parametrize("make", [make_entry, make_blogmark, make_quotation, make_note])
def test_urls_in_the_content_are_absolute(client, make):
    post = make(
        slug="rain",
        published=NOON,
        body="[a](/about/), [b](other/), [c](#here), ![d](pic.png) and a note[^1].\n\n[^1]: At the foot.",
    )

    response = client.get("/atom/everything/", secure=True, headers={"host": "localhost"})

    [html] = find(etree.fromstring(response.content), "//atom:content/text()")
    found = [
        element.get("href") or element["src"]
        for element in BeautifulSoup(html, "lxml").select("[href], [src]")
    ]
    here = f"https://localhost{post.get_absolute_url()}"
    assert {"https://localhost/about/", f"{here}other/", f"{here}#here", f"{here}pic.png"} <= set(found)
    assert all(address.startswith(("https://localhost/", "https://example.com/")) for address in found)


NASTY = "Tom & Jerry <b>bold</b> \"1\" '2' ]]> &amp; 😀"


@pytest.mark.parametrize(
    ("make", "field", "before"),
    [
        (make_entry, "title", ""),
        (make_blogmark, "link_title", ""),
        (make_blogmark, "title", ""),
        (make_quotation, "source", "Quoting "),
        (make_note, "title", ""),
    ],
)
def test_titles_are_escaped_once(client, make, field, before):
    make(**{field: NASTY})

    [title] = find(fetch(client, "/atom/everything/"), "//atom:entry/atom:title/text()")

    straight = title.translate(str.maketrans("“”‘’", "\"\"''"))
    assert straight == before + NASTY


def test_names_are_escaped_once(client):
    set_site(title=NASTY, tagline=NASTY, author_name=NASTY)
    make_note(tags=[NASTY], byline=NASTY)

    tree = fetch(client, "/atom/everything/")

    assert find(tree, "/atom:feed/atom:title/text()") == [NASTY]
    assert find(tree, "/atom:feed/atom:subtitle/text()") == [NASTY]
    assert find(tree, "//atom:name/text()") == [NASTY, NASTY]
    assert find(tree, "//atom:category/@term") == [NASTY]


@pytest.mark.parametrize("odd", ["\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_characters_that_are_invalid_in_xml_are_removed(client, odd):
    word = f"a{odd}b"
    set_site(title=word, tagline=word, author_name=word)
    series = make_series(title=word, slug="ab")
    for make in FACTORIES.values():
        make(title=word, body=word, byline=word, tags=[word], series=series)
    make_blogmark(link_title=word, via_url="https://via.example/", via_title=word)
    make_quotation(source=word, context=word)

    for path in ("/atom/everything/", "/series/ab.atom"):
        tree = fetch(client, path)
        assert find(tree, "//atom:category/@term") == ["ab"] * len(FACTORIES)
        assert set(find(tree, "//atom:entry/atom:author/atom:name/text()")) == {"ab"}
        assert all("ab" in html for html in find(tree, "//atom:content/text()"))


@pytest.mark.parametrize("path", FEEDS.values())
def test_cross_origin_reads_are_allowed(client, posts, path):
    response = client.get(path)

    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"


@pytest.mark.parametrize("slug", ["sea", "été"])
def test_the_feeds_of_a_series_redirect_when_its_slug_changes(client, slug):
    series = make_series(slug=slug)
    make_note(series=series)
    for later in ("waves", "tides"):
        series.slug = later
        series.save()

    for path in (f"/series/{slug}/", *(f"/series/{slug}.{name}" for name in ("atom", "rss", "json"))):
        response = client.get(path)
        assert response.status_code == 301
        assert response["Location"] == path.replace(slug, "tides")
        assert client.get(response["Location"]).status_code == 200


def test_a_series_that_gets_its_slug_back_does_not_redirect(client):
    series = make_series(slug="sea")
    post = make_note(series=series)
    for later in ("waves", "sea"):
        series.slug = later
        series.save()

    assert client.get("/series/sea.atom").status_code == 200
    assert client.get("/series/waves.rss")["Location"] == "/series/sea.rss"
    post.delete()
    assert client.get("/series/sea.atom").status_code == 404
