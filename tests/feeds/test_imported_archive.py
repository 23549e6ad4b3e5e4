"""The feeds of a whole archive of some 10,000 posts, where there is one."""

import pytest
from django.db import transaction
from lxml import etree

from blog.feeds.catalogue import catalogue
from blog.feeds.writers import Atom
from blog.importers.archive import ArchiveImport, read_archive
from blog.models import Post
from tests.processes import ROOT

from .reading import answer, facts, find, in_format, read, schema

FOLDER = ROOT.parent / "shared" / "archive"
EVERYTHING = "/atom/everything/"
SITE = "http://testserver"
SAMPLE = 20  # of the documents of the archive, one in so many is read by what reads slowly

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"left out: there is no archive in {FOLDER}"),
]


@pytest.fixture(scope="module", autouse=True)
def _imported(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        ArchiveImport(read_archive(FOLDER)).run()
        yield
        transaction.set_rollback(True)


def test_every_feed_is_valid_and_the_same_in_each_format(client):
    selections = [selection for group in catalogue().values() for selection in group]

    for path in [selection.url(Atom) for selection in selections]:
        said = facts(client, path)
        assert said["atom"], path
        assert said["atom"] == said["rss"] == said["json"], path
        read(client, path)
        read(client, in_format(path, "rss"))


def test_along_the_archive_every_post_is_found_once_and_every_document_is_valid(client):
    found, path, number = [], EVERYTHING, 0
    while path:
        tree = etree.fromstring(answer(client, path))
        schema().assertValid(tree)
        found += find(tree, "//atom:entry/atom:id/text()")
        if number % SAMPLE == 0:
            said = facts(client, path)
            assert said["atom"] == said["rss"] == said["json"], path
            read(client, path)
        previous = find(tree, "/atom:feed/atom:link[@rel='prev-archive']/@href")
        path, number = (previous[0].removeprefix(SITE) if previous else None), number + 1

    published = Post.objects.published().newest_first()
    assert found == [uuid.urn for uuid in published.values_list("uuid", flat=True)]
