"""Unpublished content appears nowhere: not on a page, in a feed, in a redirect or in metadata.

Posts of every kind are written through the admin, each with a unique word in every text field. Then an
anonymous client requests every known URL, follows every link, and searches the responses for the words.
"""

from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.urls import path
from lxml import etree

from blog.models import Post, PreviewLink, Tag, Word
from tests.factories import make_note, make_page, make_series, make_timeline, utc
from tests.helpers.public_urls import all_paths
from tests.helpers.writing import edit, publish_at, write

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOW = utc(2024, 6, 30, 12)  # so that tomorrow is another month
STATES = {
    "draft": {"is_draft": "on"},
    "dated": {"is_draft": "on", **publish_at(utc(2003, 3, 3))},
    "tomorrow": publish_at(NOW + timedelta(days=1)),
}
SITE = "http://testserver"
MAX_PARAMETERS = 3  # in a URL that is followed, since facets of a search combine endlessly


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def hidden(admin_client):
    """Unpublished posts by their words, among public ones."""
    make_timeline(8, start=utc(2024, 6, 30, 9), tags=["common"])
    make_page(slug="plans", title="xylophonepage", body="xylophonepage", is_draft=True)
    posts = {}
    for kind in Post.kinds():
        for state, typed in STATES.items():
            word = f"xylophone{kind}{state}"
            series = make_series(title=word, slug=word, summary=word)
            posts[word] = write(admin_client, kind, word, tags=f"{word}, common", series=series.pk, **typed)
            PreviewLink.objects.create(post_id=posts[word].pk, token=f"{word}token")
    return posts


@pytest.fixture
def renamed(admin_client):
    """A renamed tag that only a draft has."""
    write(admin_client, "note", "xylophonetagged", tags="once", is_draft="on")
    Tag.objects.get(name="once").rename("xylophonerenamed")


@pytest.fixture
def moved(admin_client, hidden):
    """A post that was public at another permalink, and is a draft again."""
    post = write(admin_client, "entry", "xylophonemoved", slug="open")
    return edit(admin_client, post, is_draft="on", slug="xylophonemoved")


def crawl(client):
    """Request all known URLs and those they link to. Returns the responses by URL."""
    waiting = all_paths()
    waiting += [f"{url}?q={word}" for url in waiting for word in ("xylo", "common") if "/search/" in url]
    waiting += ["/xylo/", "/2024/xylo/"]
    waiting += [other_spelling(url) for url in waiting if url.startswith(("/tags/", "/random/"))]
    responses = {}
    while waiting:
        url = waiting.pop()
        if url not in responses and url.count("&") < MAX_PARAMETERS:
            responses[url] = client.get(url)
            waiting += links(url, responses[url])
    return responses


def other_spelling(url):
    _, section, name = url.split("/", maxsplit=2)
    return f"/{section}/{name.removesuffix('.atom').upper()}{'.atom' if name.endswith('.atom') else ''}"


def links(url, response):
    """The URLs on this site that the response links to, except the admin and static files."""
    found = [response.headers.get("Location")]
    if response["Content-Type"].startswith("text/html"):
        page = BeautifulSoup(response.content, "lxml")
        found += [element.get("href") or element.get("src") for element in page.select("[href], [src]")]
    elif "xml" in response["Content-Type"]:
        tree = etree.fromstring(response.content)
        found += [*tree.xpath("//*[local-name()='loc']/text()"), *tree.xpath("//@href")]
    absolute = (urljoin(SITE + url, link) for link in found if link)
    here = (link.removeprefix(SITE).partition("#")[0] for link in absolute if link.startswith(SITE + "/"))
    return [link for link in here if link != url and not link.startswith(("/admin/", "/static/"))]


def content(url, response):
    """The response as text, without what it merely repeats from the request."""
    headers = " ".join(value for name, value in response.headers.items() if name != "Location")
    location = response.headers.get("Location", "")
    repeated = {word for word in words_in(location) if word in url}
    for word in repeated:
        location = location.replace(word, "")
    if response["Content-Type"].startswith("text/html"):
        page = BeautifulSoup(response.content, "lxml")
        for box in page.select("input[name=q]"):
            box["value"] = ""
        return f"{headers} {location} {page}"
    return f"{headers} {location} {response.content.decode()}"


def words_in(text):
    return {
        part.strip("/+.")
        for part in urlsplit(text).path.replace("+", "/").replace(".", "/").split("/")
        if part
    }


def test_an_anonymous_crawl_finds_nothing_of_them(client, hidden, moved, renamed):
    responses = crawl(client)

    leaks = {
        url: text for url, response in responses.items() if "xylophone" in (text := content(url, response))
    }
    assert leaks == {}
    assert {response.status_code for response in responses.values()} <= {200, 301, 302, 404}


def test_pages_that_only_they_would_have_do_not_exist(client, hidden, renamed):
    paths = ["/2003/", "/2003/Mar/", "/2003/Mar/3/", "/2024/Jul/", "/2024/Jul/1/", "/plans/"]
    for word, post in hidden.items():
        paths += [
            post.get_absolute_url(),
            post.get_short_url(),
            f"/series/{word}/",
            f"/series/{word}.atom",
        ]
        paths += [
            f"/tags/{word}/",
            f"/tags/{word}.atom",
            f"/tags/{word}+common/",
            f"/tags/common+{word}/",
            f"/tags/{word.upper()}/",
            f"/tags/{word.upper()}.atom",
            f"/random/{word.upper()}/",
            f"/random/{word}/",
        ]
    paths += ["/tags/once/", "/tags/once.atom", "/tags/once+common/", "/random/once/", "/tag/once/"]

    found = {url: client.get(url).status_code for url in paths}

    assert {url: status for url, status in found.items() if status != 404} == {}


def test_a_search_for_their_tags_is_like_one_for_an_unknown_tag(client, hidden, renamed):
    for word in [*hidden, "once", "xylophonerenamed"]:
        for query in ("q=tag:{}", "tag={}", "q=-tag:{}", "exclude.tag={}"):
            for name in (word, word.upper()):
                page = client.get("/search/?" + query.format(name)).text
                unknown = client.get("/search/?" + query.format("nonesuch")).text
                assert page.replace(name, "nonesuch") == unknown


def test_their_words_are_not_suggested_as_corrections(client, hidden):
    """Even if a public post has the word, so that a search for it has results."""
    note = make_note(body=" ".join(hidden))

    suggested = {
        near: client.get(f"/search/?q={near}").text
        for word in hidden
        for near in (word[:-1], f"{word[:9]}{word[10:]}", f"tag:{word[:-1]}")
    }

    assert [near for near, page in suggested.items() if "Did you mean" in page] == []
    assert not Word.objects.filter(word__startswith="xylo").exists()
    assert client.get(note.get_absolute_url()).status_code == 200


def test_once_published_the_crawl_finds_every_one(client, admin_client, hidden, clock):
    clock.shift(timedelta(days=2))
    posts = [edit(admin_client, post, is_draft=None) for post in hidden.values()]

    responses = crawl(client)

    texts = " ".join(content(url, response) for url, response in responses.items())
    assert [word for word in hidden if word not in texts] == []
    assert {responses[post.get_absolute_url()].status_code for post in posts} == {200}


def test_no_link_is_broken(client):
    make_timeline(8, series=make_series(slug="insects"))
    responses = {url: client.get(url) for url in all_paths()}

    linked = {link for url, response in responses.items() for link in links(url, response)}

    broken = {link for link in linked if client.get(link, follow=True).status_code != 200}
    assert broken == set()
    assert len(linked) > 50


def test_a_pattern_without_a_matching_row_is_reported():
    unknown = path("things/<str:thing>/", lambda request: None)

    with pytest.raises(AssertionError, match="No row has the parameters of things/<str:thing>/"):
        all_paths([unknown])
