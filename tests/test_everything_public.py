"""What is not public is nowhere: not on a page, in a feed, in a redirect, nor in what a page says of itself.

Posts of every kind are written through the admin, each with a word of its own in every field that takes
text. Then a stranger opens every address there is, follows every link, and looks for the words.
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

pytestmark = pytest.mark.django_db

NOW = utc(2024, 6, 30, 12)  # so that tomorrow is another month
STATES = {
    "draft": {"is_draft": "on"},
    "dated": {"is_draft": "on", **publish_at(utc(2003, 3, 3))},
    "tomorrow": publish_at(NOW + timedelta(days=1)),
}
SITE = "http://testserver"
MOST_COMBINED = 3  # parameters of an address: what narrows a search can be combined without end


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def hidden(admin_client):
    """Posts that nobody may see, by their words; and public ones among which they could show up."""
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
    """A tag of a draft that has another name now."""
    write(admin_client, "note", "xylophonetagged", tags="once", is_draft="on")
    Tag.objects.get(name="once").rename("xylophonerenamed")


@pytest.fixture
def moved(admin_client, hidden):
    """One that was public under an address without its word, and is a draft again under another."""
    post = write(admin_client, "entry", "xylophonemoved", slug="open")
    return edit(admin_client, post, is_draft="on", slug="xylophonemoved")


def crawl(client):
    """Every answer of the site by its address: of those that are known, and of those that pages lead to."""
    waiting = all_paths()
    waiting += [
        f"{address}?q={word}" for address in waiting for word in ("xylo", "common") if "/search/" in address
    ]
    waiting += ["/xylo/", "/2024/xylo/"]
    waiting += [other_spelling(address) for address in waiting if address.startswith(("/tags/", "/random/"))]
    answers = {}
    while waiting:
        address = waiting.pop()
        if address not in answers and address.count("&") < MOST_COMBINED:
            answers[address] = client.get(address)
            waiting += links(address, answers[address])
    return answers


def other_spelling(address):
    _, of, name = address.split("/", maxsplit=2)
    return f"/{of}/{name.removesuffix('.atom').upper()}{'.atom' if name.endswith('.atom') else ''}"


def links(address, response):
    """Where an answer leads on this site, but for the admin and static files."""
    found = [response.headers.get("Location")]
    if response["Content-Type"].startswith("text/html"):
        page = BeautifulSoup(response.content, "lxml")
        found += [element.get("href") or element.get("src") for element in page.select("[href], [src]")]
    elif "xml" in response["Content-Type"]:
        tree = etree.fromstring(response.content)
        found += [*tree.xpath("//*[local-name()='loc']/text()"), *tree.xpath("//@href")]
    whole = (urljoin(SITE + address, link) for link in found if link)
    here = (link.removeprefix(SITE).partition("#")[0] for link in whole if link.startswith(SITE + "/"))
    return [link for link in here if link != address and not link.startswith(("/admin/", "/static/"))]


def told(address, response):
    """What an answer says, without what it only repeats of the question."""
    headers = " ".join(value for name, value in response.headers.items() if name != "Location")
    location = response.headers.get("Location", "")
    repeated = {word for word in words_in(location) if word in address}
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


def test_a_stranger_finds_nothing_of_them(client, hidden, moved, renamed):
    answers = crawl(client)

    leaks = {
        address: said
        for address, response in answers.items()
        if "xylophone" in (said := told(address, response))
    }
    assert leaks == {}
    assert {response.status_code for response in answers.values()} <= {200, 301, 302, 404}


def test_a_stranger_sees_that_there_is_nothing(client, hidden, renamed):
    only_theirs = ["/2003/", "/2003/Mar/", "/2003/Mar/3/", "/2024/Jul/", "/2024/Jul/1/", "/plans/"]
    for word, post in hidden.items():
        only_theirs += [
            post.get_absolute_url(),
            post.get_short_url(),
            f"/series/{word}/",
            f"/series/{word}.atom",
        ]
        only_theirs += [
            f"/tags/{word}/",
            f"/tags/{word}.atom",
            f"/tags/{word}+common/",
            f"/tags/common+{word}/",
            f"/tags/{word.upper()}/",
            f"/tags/{word.upper()}.atom",
            f"/random/{word.upper()}/",
            f"/random/{word}/",
        ]
    only_theirs += ["/tags/once/", "/tags/once.atom", "/tags/once+common/", "/random/once/", "/tag/once/"]

    found = {address: client.get(address).status_code for address in only_theirs}

    assert {address: status for address, status in found.items() if status != 404} == {}


def test_a_search_answers_as_if_there_were_nothing(client, hidden, renamed):
    for word in [*hidden, "once", "xylophonerenamed"]:
        for query in ("q=tag:{}", "tag={}", "q=-tag:{}", "exclude.tag={}"):
            for name in (word, word.upper()):
                page = client.get("/search/?" + query.format(name)).text
                nothing = client.get("/search/?" + query.format("nonesuch")).text
                assert page.replace(name, "nonesuch") == nothing


def test_no_word_of_theirs_is_what_somebody_may_have_meant(client, hidden):
    """Even where a public text has the word, so that a search for it would find something."""
    note = make_note(body=" ".join(hidden))

    suggested = {
        near: client.get(f"/search/?q={near}").text
        for word in hidden
        for near in (word[:-1], f"{word[:9]}{word[10:]}", f"tag:{word[:-1]}")
    }

    assert [near for near, page in suggested.items() if "Did you mean" in page] == []
    assert not Word.objects.filter(word__startswith="xylo").exists()
    assert client.get(note.get_absolute_url()).status_code == 200


def test_once_they_are_public_a_stranger_finds_every_one(client, admin_client, hidden, clock):
    clock.shift(timedelta(days=2))
    posts = [edit(admin_client, post, is_draft=None) for post in hidden.values()]

    answers = crawl(client)

    said = " ".join(told(address, response) for address, response in answers.items())
    assert [word for word in hidden if word not in said] == []
    assert {answers[post.get_absolute_url()].status_code for post in posts} == {200}


def test_no_link_leads_nowhere(client):
    make_timeline(8, series=make_series(slug="insects"))
    answers = {address: client.get(address) for address in all_paths()}

    linked = {link for address, response in answers.items() for link in links(address, response)}

    broken = {link for link in linked if client.get(link, follow=True).status_code != 200}
    assert broken == set()


def test_a_pattern_without_a_matching_row_is_reported():
    unknown = path("things/<str:thing>/", lambda request: None)

    with pytest.raises(AssertionError, match="No row has the parameters of things/<str:thing>/"):
        all_paths([unknown])
