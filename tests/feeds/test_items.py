"""The elements of an item in each format."""

import pytest
from lxml import etree

from tests.factories import make_blogmark, make_entry, make_note, make_quotation, set_site
from tests.feeds.reading import TYPES, fetch, fetch_bytes, fetch_json, find, in_format, read

pytestmark = pytest.mark.django_db


def test_a_note_without_title_gets_one_only_in_atom(client):
    make_note(day=None)

    assert find(fetch(client), "string(//atom:entry/atom:title)").startswith("Note on ")
    assert "title" not in read(client, "/rss/everything/").entries[0]
    assert "title" not in fetch_json(client)["items"][0]


def test_titles_are_in_every_format(client):
    make_note(title="Rain")
    make_entry(title="Wind")
    make_blogmark(link_title="Snow")
    make_quotation(source="Ada")

    titles = {"Rain", "Wind", "Snow", "Quoting Ada"}
    assert {entry.title for entry in read(client).entries} == titles
    assert {entry.title for entry in read(client, "/rss/everything/").entries} == titles
    assert {item["title"] for item in fetch_json(client)["items"]} == titles


def test_a_link_post_has_its_target_and_its_via(client):
    make_blogmark(
        link_url="https://example.com/?a=1&b=2", via_url="https://via.example/", via_title="Via & Co"
    )

    tree, rss = fetch(client), etree.fromstring(fetch_bytes(client, "/rss/everything/"))
    [item] = fetch_json(client)["items"]

    for links in (find(tree, "//atom:entry/atom:link"), find(rss, "//item/atom:link")):
        found = {link.get("rel"): (link.get("href"), link.get("title")) for link in links}
        assert found["related"] == ("https://example.com/?a=1&b=2", None)
        assert found["via"] == ("https://via.example/", "Via & Co")
    assert item["external_url"] == "https://example.com/?a=1&b=2"
    assert item["_weblog"] == {"via_url": "https://via.example/", "via_title": "Via & Co"}


def test_a_link_post_links_to_its_target_if_the_site_settings_say_so(client):
    post = make_blogmark(link_url="https://example.com/there")
    note = make_note()
    here = f"http://testserver{post.get_absolute_url()}"
    assert read(client, "/atom/links/").entries[0].link == here
    assert read(client, "/rss/links/").entries[0].link == here

    set_site(feeds_link_out=True)

    for path in ("/atom/everything/", "/rss/everything/"):
        links = {entry.id: entry.link for entry in read(client, path).entries}
        assert links == {
            post.uuid.urn: "https://example.com/there",
            note.uuid.urn: f"http://testserver{note.get_absolute_url()}",
        }
    assert find(fetch(client, "/atom/links/"), "//atom:entry/atom:link[@rel='related']/@href") == [here]
    assert f'<a href="{here}">' in read(client, "/atom/links/").entries[0].content[0].value
    [item] = fetch_json(client, "/json/links/")["items"]
    assert (item["url"], item["external_url"]) == (here, "https://example.com/there")


def test_sound_files_are_enclosures(client):
    make_entry(
        format="html",
        body='<audio src="/media/a.mp3"></audio><video src="/c.mp4"></video>'
        '<audio><source src="https://example.com/b.ogg" type="audio/ogg"></audio>',
    )
    wanted = [("http://testserver/media/a.mp3", "audio/mpeg"), ("https://example.com/b.ogg", "audio/ogg")]

    [entry] = read(client).entries
    [item] = read(client, "/rss/everything/").entries
    [object] = fetch_json(client)["items"]

    assert [(sound.href, sound.type) for sound in entry.enclosures] == wanted
    assert [(sound.href, sound.type) for sound in item.enclosures] == wanted[:1]
    assert [sound.get("length") for sound in (*entry.enclosures, *item.enclosures)] == [None, None, "0"]
    assert [(sound["url"], sound["mime_type"]) for sound in object["attachments"]] == wanted


def test_json_feed_has_the_image_of_a_post(client):
    make_note(card_image="https://example.com/card.png")

    assert fetch_json(client)["items"][0]["image"] == "https://example.com/card.png"


@pytest.mark.parametrize("name", TYPES)
def test_a_feed_may_be_empty(client, name):
    path = in_format("/atom/everything/", name)

    first, second = fetch_bytes(client, path), fetch_bytes(client, path)

    assert first == second
    if name == "json":
        assert fetch_json(client)["items"] == []
    else:
        assert read(client, path).entries == []


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize(
    "path", ["/tags/never.atom", "/series/never.atom", "/atom/never/", "/atom/everything-but-never/"]
)
def test_an_unknown_feed_is_not_found(client, path, name):
    assert client.get(in_format(path, name)).status_code == 404


@pytest.mark.parametrize("name", TYPES)
def test_other_spellings_of_tags_redirect_to_the_same_format(client, name):
    make_note(tags=["sea", "wind"])

    response = client.get(f"/tags/wind+SEA.{name}")

    assert (response.status_code, response["Location"]) == (301, f"/tags/sea+wind.{name}")


def test_urls_with_spaces_and_letters_of_other_scripts_are_encoded(client):
    make_blogmark(link_url="https://example.com/a b/é", via_url="https://via.example/c d", tags=["ant"])

    [entry] = read(client).entries
    [item] = fetch_json(client)["items"]

    assert item["external_url"] == "https://example.com/a%20b/%C3%A9"
    assert item["_weblog"]["via_url"] == "https://via.example/c%20d"
    assert {link.href for link in entry.links if link.rel != "alternate"} == {
        "https://example.com/a%20b/%C3%A9",
        "https://via.example/c%20d",
    }
