"""`manage.py rebuild_search`: all search data can be rebuilt from the posts."""

from unittest import mock

import pytest
from django.core.management import call_command
from django.db import connection

from blog.management.commands import rebuild_search
from blog.models import LinkedHost, LinkedUrl, Post, SearchDocument, Trigram, Word
from tests.factories import make_blogmark, make_entry, make_note, make_quotation, make_timeline, set_site
from tests.helpers.browsing import permalinks, visit
from tests.helpers.tagging import found_by, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys):
    def run():
        call_command("rebuild_search")
        return capsys.readouterr().out.strip()

    return run


def test_correct_rows_stay_the_same(run):
    make_timeline(8)
    make_quotation(source="Ada Lovelace", context="In a letter")
    run()
    before = rows_of(SearchDocument)
    links = set(LinkedHost.objects.values_list("host", "post", "is_public", "published"))
    addresses = set(LinkedUrl.objects.values_list("url_key", "post"))
    words = set(Word.objects.values_list("word", flat=True))

    run()

    assert rows_of(SearchDocument) == before
    assert set(LinkedHost.objects.values_list("host", "post", "is_public", "published")) == links
    assert set(LinkedUrl.objects.values_list("url_key", "post")) == addresses
    assert set(Word.objects.values_list("word", flat=True)) == words
    assert Trigram.objects.exists()


def test_missing_rows_are_restored(run):
    post = make_blogmark(link_title="Lighthouses", link_url="https://example.com/", tags=["sea"])
    make_note(body="Other", tags=["land"])
    before = rows_of(SearchDocument)
    SearchDocument.objects.all().delete()
    LinkedHost.objects.all().delete()
    LinkedUrl.objects.all().delete()

    run()

    assert rows_of(SearchDocument) == before
    assert LinkedUrl.objects.get(post=post).url_key == "example.com"
    assert found_by("lighthouses") == found_by("sea") == found_by("site:example.com") == {post.pk}


def test_wrong_rows_are_replaced(run):
    post = make_entry(title="Lighthouses", tags=["sea"])
    SearchDocument.objects.update(title="nonsense", tags="nonsense", body="", text="")
    LinkedHost.objects.create(post=post, host="nowhere.example.com")
    Word.learn("nonsense")

    run()

    assert found_by("lighthouses sea") == {post.pk}
    assert found_by("nonsense") == found_by("site:nowhere.example.com") == set()
    assert not Word.objects.filter(word="nonsense").exists()


def test_the_vocabulary_has_the_words_of_titles_and_tags(run):
    make_entry(title="Lighthouses at night", body="Darkness.", tags=["navigation"])

    run()

    known = set(Word.objects.values_list("word", flat=True))
    assert {"lighthouses", "night", "navigation"} <= known
    assert "darkness" not in known


def test_search_uses_the_former_language_until_the_rebuild(run, client):
    old = make_note(body="Running houses", tags=["Häuser"])
    set_site(language="de")
    new = make_note(body="Running Häuser")
    assert found(client, "run") == {old.pk, new.pk}
    assert found(client, "hauses") == set()

    run()

    assert found(client, "run") == set()
    assert found(client, "hauses") == {old.pk, new.pk}
    assert found(client, "häuser") == {old.pk, new.pk}
    newest = make_note(body="Ein Haus")
    assert found(client, "hauses") == {old.pk, new.pk, newest.pk}


def found(client, word):
    """Return the ids of the posts on the search page."""
    shown = permalinks(visit(client, f"/search/?q={word}"))
    return {post.pk for post in Post.objects.all() if post.get_absolute_url() in shown}


def test_the_vocabulary_has_no_words_of_tags_used_only_by_drafts(run):
    make_note(tags=["secret"], is_draft=True)

    run()

    assert not Word.objects.filter(word="secret").exists()


def test_an_empty_index_is_rebuilt(run):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL indexes the row itself")
    post = make_entry(title="Lighthouses")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO blog_searchindex (blog_searchindex) VALUES ('delete-all')")
    assert found_by("lighthouses") == set()

    run()

    assert found_by("lighthouses") == {post.pk}


def test_every_batch_is_processed(run):
    make_timeline(20)
    SearchDocument.objects.all().delete()

    with mock.patch.object(rebuild_search, "BATCH", 2):
        printed = run()

    assert SearchDocument.objects.count() == 20
    assert printed.startswith("20 posts indexed, 5 linked hosts, ")


def test_the_number_of_queries_does_not_depend_on_the_size_of_a_batch(run, django_assert_max_num_queries):
    make_timeline(80)

    with django_assert_max_num_queries(100):
        run()


def test_posts_are_not_changed(run):
    make_timeline(4)
    before = rows_of(Post)

    run()

    assert rows_of(Post) == before
