"""The feeds of a real archive of some 10,000 posts, if there is one.

Reading the feeds of all tags takes half an hour. Without `--every-feed` a sample is read.
"""

from itertools import combinations
from random import Random

import pytest
from bs4 import BeautifulSoup
from lxml import etree

from blog.feeds.catalogue import catalogue
from blog.feeds.selections import TagSelection
from blog.feeds.writers import Atom
from blog.importers.archive_import import ArchiveImport, read_archive
from blog.models import Post, Tag
from tests.feeds.reading import facts, fetch_bytes, find, in_format, read, schema
from tests.helpers.processes import ROOT

FOLDER = ROOT.parent / "shared" / "archive"
EVERYTHING = "/atom/everything/"
SITE = "http://testserver"
SEED = 5005
TAGS, PAIRS = 25, 10
MANY_PAIRS = 500
DOCUMENT_INTERVAL = 20  # one in this many archive documents is read in each format

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"there is no archive in {FOLDER}"),
]


@pytest.fixture(scope="module", autouse=True)
def _imported(shared_database):
    ArchiveImport(read_archive(FOLDER)).run()


@pytest.fixture
def is_full(pytestconfig):
    return pytestconfig.getoption("every_feed")


def tag_selections(is_full):
    """Selections of single tags, and of pairs that a post has both of."""
    sampled = Random(SEED)
    tags = list(Tag.objects.public().order_by("pk"))
    posts = Post.objects.published().order_by("pk").prefetch_related("tags")
    pairs = {tuple(pair) for post in posts for pair in combinations(sorted(post.tags.all(), key=slug), 2)}
    pairs = sorted(pairs, key=lambda pair: list(map(slug, pair)))
    tags = tags if is_full else sampled.sample(tags, TAGS)
    pairs = sampled.sample(pairs, MANY_PAIRS if is_full else PAIRS)
    return [TagSelection([tag]) for tag in tags] + [TagSelection(list(pair)) for pair in pairs]


def slug(tag):
    return tag.slug


def check(client, path):
    found = facts(client, path)
    assert found["atom"], path
    assert found["atom"] == found["rss"] == found["json"], path
    read(client, path)
    read(client, in_format(path, "rss"))


def test_every_feed_is_valid_and_the_same_in_each_format(client, is_full):
    """All feeds except those of tags, of which it reads the largest and a sample."""
    groups = catalogue()
    largest = groups.pop("Tags")[:TAGS]
    selections = [selection for group in groups.values() for selection in group]

    for selection in [*selections, *largest, *tag_selections(is_full)]:
        check(client, selection.url(Atom))
    for query in ("q=python", "q=tag%3Apython+type%3Ablogmark", "year=2009"):
        check(client, f"/search/atom/?{query}")


def test_the_archive_has_every_post_once_in_valid_documents(client, is_full):
    found, path, number = [], EVERYTHING, 0
    while path:
        tree = etree.fromstring(fetch_bytes(client, path))
        schema().assertValid(tree)
        found += find(tree, "//atom:entry/atom:id/text()")
        for html in find(tree, "//atom:content/text()"):
            check_html(html)
        if is_full or number % DOCUMENT_INTERVAL == 0:
            check(client, path)
        previous = find(tree, "/atom:feed/atom:link[@rel='prev-archive']/@href")
        path, number = (previous[0].removeprefix(SITE) if previous else None), number + 1

    published = Post.objects.published().newest_first()
    assert found == [uuid.urn for uuid in published.values_list("uuid", flat=True)]


def check_html(html):
    """Check that there are no elements that feed readers can't show, and no relative URLs."""
    page = BeautifulSoup(html, "lxml")
    assert not page.select("script, style, iframe, textarea, form, input, object, embed")
    for element in page.find_all():
        assert "-" not in element.name
        for name in {"href", "src", "poster", "cite"} & element.attrs.keys():
            assert ":" in element[name], f"{name}={element[name]}"


def test_the_pages_of_a_tag_have_every_post_once(client):
    tag = Tag.objects.public().order_by("-uses", "pk").first()
    found, path = [], f"/tags/{tag.slug}.json"
    while path:
        page = client.get(path).json()
        found += [item["id"] for item in page["items"]]
        path = page.get("next_url", "").removeprefix(SITE)

    posts = Post.objects.published().filter(tags=tag).newest_first()
    assert found == [uuid.urn for uuid in posts.values_list("uuid", flat=True)]
