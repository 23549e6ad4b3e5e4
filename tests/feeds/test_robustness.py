"""Feeds stay valid whatever a post contains."""

import io
import json
from datetime import timedelta

import feedparser
import pytest
from bs4 import BeautifulSoup
from django.utils.feedgenerator import Enclosure
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from blog.feeds.writers import WRITERS, Atom
from tests.factories import FACTORIES, make_blogmark, make_entry, make_note, make_series, set_site, utc
from tests.feeds.reading import check_rss, fetch, fetch_json, find, in_format, json_schema, read, schema

ODD = {
    "control characters": "a\x00\x01\x08\x0b\x0c\x1f\x7fb",
    "a lone surrogate": "a\ud800b",
    "the end of a CDATA section": "a]]>b",
    "the start of a CDATA section": "a<![CDATA[b",
    "markup": "<b>a</b> & <script>alert(1)</script> &amp; &lt;",
    "noncharacters": "a\ufffe\uffffb",
    "beyond the basic plane": "a😀\U0010ffffb",
    "line separators": "a\u2028\u2029\r\n\tb",
    "right-to-left text": "a\u202e\u0627b",
    "nothing": "",
    "a space": " ",
    "a long title": "word " * 2000,
}
NOON = utc(2024, 6, 8)


def write_feed(writer, text):
    """A feed with one item, both with this text in every field."""
    feed = writer(
        title=text or "Weblog",
        link="https://example.com/",
        description=text,
        language="en",
        author_name=text or "Author",
        subtitle=text,
        feed_url="https://example.com/feed/",
        feed_guid="urn:uuid:8d8f0d3c-58f4-4f4b-a9a7-9b7a0d3f7f57",
        pages=[("next", "https://example.com/feed/?before=1-1")],
        icon="https://example.com/icon.png",
        is_archive=True,
    )
    feed.add_item(
        title=text or None,
        link="https://example.com/post/",
        description=text,
        author_name=text or "Author",
        pubdate=NOON,
        updateddate=NOON + timedelta(hours=1),
        unique_id="urn:uuid:00000000-58f4-4f4b-a9a7-9b7a0d3f7f57",
        unique_id_is_permalink=False,
        categories=[text] if text.strip() else [],
        enclosures=[Enclosure("https://example.com/a.mp3", "0", "audio/mpeg")],
        permalink="https://example.com/post/",
        related="https://example.com/target/",
        via=("https://example.com/via/", text),
        image="",
        language="",
    )
    body = io.BytesIO()
    feed.write(body, "utf-8")
    return body.getvalue()


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_atom_is_valid(text):
    tree = etree.fromstring(write_feed(Atom, text=text if text else "Weblog"))

    schema().assertValid(tree)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
@pytest.mark.parametrize("writer", WRITERS[:2], ids=["atom", "rss"])
def test_feedparser_reads_it(writer, text):
    feed = feedparser.parse(write_feed(writer, text=text))

    assert not feed.bozo, feed.get("bozo_exception")
    assert [entry.link for entry in feed.entries] == ["https://example.com/post/"]


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_json_feed_is_valid(text):
    json_schema().validate(json.loads(write_feed(WRITERS[2], text=text)))


@given(st.text(st.characters(categories=None), max_size=60))
def test_any_text_gives_valid_feeds_with_the_same_titles(text):
    text = text if text.strip() else "Weblog"
    atom, rss = (etree.fromstring(write_feed(writer, text=text)) for writer in WRITERS[:2])
    feed = json.loads(write_feed(WRITERS[2], text=text))

    schema().assertValid(atom)
    check_rss(rss)
    json_schema().validate(feed)
    [item] = feed["items"]
    for title in (find(atom, "string(//atom:entry/atom:title)"), find(rss, "string(//item/title)")):
        assert title == as_xml_reads(item.get("title", ""))


def as_xml_reads(text):
    """Normalize line ends as XML parsers do (XML 1.0, section 2.11)."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ODD["a lone surrogate"], "ab"),
        (ODD["the end of a CDATA section"], "a]]>b"),
        (ODD["the start of a CDATA section"], "a<![CDATA[b"),
        (ODD["markup"], ODD["markup"]),
        (ODD["a long title"], ODD["a long title"]),
    ],
    ids=lambda text: text[:12].encode("ascii", "replace").decode(),
)
def test_invalid_characters_are_removed_in_all_formats(text, expected):
    atom, rss = (etree.fromstring(write_feed(writer, text=text)) for writer in WRITERS[:2])
    [item] = json.loads(write_feed(WRITERS[2], text=text))["items"]

    assert find(atom, "string(//atom:entry/atom:title)") == expected
    assert find(atom, "string(//atom:content)") == expected
    assert find(rss, "string(//item/title)") == expected
    assert find(rss, "string(//item/description)") == expected
    assert (item["title"], item["content_html"]) == (expected, expected)


def contents(client, path="/atom/everything/"):
    return "".join(find(fetch(client, path), "//atom:content/text()"))


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["markdown", "html", "text"])
def test_scripts_and_custom_elements_are_removed(client, format):
    set_site(embed_hosts="www.example.com")
    body = (
        "<p>Before</p><script>alert(1)</script><script src='https://example.com/x.js'></script>"
        '<img src="/a.png" onerror="alert(1)"><a href="javascript:alert(1)">a</a>'
        '<lite-youtube videoid="abc"></lite-youtube><iframe src="https://www.example.com/b"></iframe>'
        "<markdown-copy><textarea>c</textarea></markdown-copy><x-unknown>d</x-unknown><p>After</p>"
    )
    for make in FACTORIES.values():
        make(body=body, format=format)

    page = BeautifulSoup(contents(client), "lxml")

    assert page.select("script, iframe, textarea, [onerror], [href^=javascript]") == []
    assert [element.name for element in page.find_all() if "-" in element.name] == []
    assert len(page.find_all(string=lambda text: "Before" in text)) == len(FACTORIES)
    assert len(page.find_all(string=lambda text: "After" in text)) == len(FACTORIES)
    if format == "html":
        assert len(page.select("a[href='https://www.youtube.com/watch?v=abc']")) == len(FACTORIES)


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["atom", "rss", "json"])
def test_urls_are_absolute_in_each_format(client, format):
    make_entry(
        format="html",
        body='<a href="/a/">a</a><a href="b/">b</a><a href="#c">c</a><a href="//example.org/d">d</a>'
        '<img src="../e.png" srcset="/f.png 1x, g.png 2x"><audio src="h.mp3"></audio>',
    )
    path = in_format("/atom/everything/", format)
    html = (
        fetch_json(client, path)["items"][0]["content_html"] if format == "json" else read_raw(client, path)
    )

    page = BeautifulSoup(html, "lxml")

    found = [element.get("href") or element.get("src") for element in page.select("[href], [src]")]
    found += [part.split()[0] for part in page.img["srcset"].split(", ")]
    assert len(found) == 8
    assert all(address.startswith(("http://testserver/", "http://example.org/")) for address in found)


def read_raw(client, path):
    tree = etree.fromstring(client.get(path).content)
    return find(tree, "string(//atom:content | //item/description)")


@pytest.mark.django_db
def test_a_very_long_post_is_replaced_by_its_beginning_and_a_link(client):
    post = make_entry(body="All work and no play. " * 240_000)
    note = make_note(body="Short.")

    html = contents(client)

    assert len(client.get("/atom/everything/").content) < 50_000
    assert html.count("All work and no play.") >= 1
    assert f'<a href="http://testserver{post.get_absolute_url()}">' in html
    assert {entry.id for entry in read(client).entries} == {post.uuid.urn, note.uuid.urn}


@pytest.mark.django_db
def test_a_long_post_is_complete(client):
    make_entry(body="All work and no play. " * 20_000)

    assert contents(client).count("All work and no play.") == 20_000


@pytest.mark.django_db
@pytest.mark.parametrize("character", ["\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
@pytest.mark.parametrize("path", ["/atom/everything/", "/series/ab.atom"])
def test_stored_invalid_characters_break_no_format(client, character, path):
    word = f"a{character}b"
    set_site(title=word, tagline=word, author_name=word)
    series = make_series(title=word, slug="ab")
    for make in FACTORIES.values():
        make(title=word, body=word, byline=word, tags=[word], series=series)
    make_blogmark(link_title=word, via_url="https://via.example/", via_title=word, series=series)

    assert len(read(client, in_format(path, "rss")).entries) == len(FACTORIES) + 1
    for item in fetch_json(client, in_format(path, "json"))["items"]:
        assert item["authors"][0]["name"] == "ab"
        assert set(item.get("tags", ["ab"])) == {"ab"}


@pytest.mark.django_db
def test_a_malformed_url_breaks_nothing(client):
    post = make_note(body="[a](http://[bad) [b](/good)")

    assert [entry.id for entry in read(client).entries] == [post.uuid.urn]
