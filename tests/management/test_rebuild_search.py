"""Everything that search knows can be written again from the posts."""

from unittest import mock

import pytest
from django.core.management import call_command
from django.db import connection

from blog.management.commands import rebuild_search
from blog.models import Link, LinkedUrl, Post, SearchDocument, Trigram, Word
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


def test_what_was_right_stays_as_it_was(run):
    make_timeline(8)
    make_quotation(source="Ada Lovelace", context="In a letter")
    run()
    before = rows_of(SearchDocument)
    links = set(Link.objects.values_list("host", "post", "is_public", "published"))
    addresses = set(LinkedUrl.objects.values_list("url_key", "post"))
    words = set(Word.objects.values_list("word", flat=True))

    run()

    assert rows_of(SearchDocument) == before
    assert set(Link.objects.values_list("host", "post", "is_public", "published")) == links
    assert set(LinkedUrl.objects.values_list("url_key", "post")) == addresses
    assert set(Word.objects.values_list("word", flat=True)) == words
    assert Trigram.objects.exists()


def test_what_was_lost_is_written_again(run):
    post = make_blogmark(link_title="Lighthouses", link_url="https://example.com/", tags=["sea"])
    make_note(body="Other", tags=["land"])
    before = rows_of(SearchDocument)
    SearchDocument.objects.all().delete()
    Link.objects.all().delete()
    LinkedUrl.objects.all().delete()

    run()

    assert rows_of(SearchDocument) == before
    assert LinkedUrl.objects.get(post=post).url_key == "example.com"
    assert found_by("lighthouses") == found_by("sea") == found_by("site:example.com") == {post.pk}


def test_what_was_wrong_is_replaced(run):
    post = make_entry(title="Lighthouses", tags=["sea"])
    SearchDocument.objects.update(title="nonsense", tags="nonsense", body="", text="")
    Link.objects.create(post=post, host="nowhere.example.com")
    Word.learn("nonsense")

    run()

    assert found_by("lighthouses sea") == {post.pk}
    assert found_by("nonsense") == found_by("site:nowhere.example.com") == set()
    assert not Word.objects.filter(word="nonsense").exists()


def test_the_words_of_titles_and_tags_are_known(run):
    make_entry(title="Lighthouses at night", body="Darkness.", tags=["navigation"])

    run()

    known = set(Word.objects.values_list("word", flat=True))
    assert {"lighthouses", "night", "navigation"} <= known
    assert "darkness" not in known


def test_after_a_change_of_language_search_goes_on_in_the_former_one_until_then(run, client):
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
    """The ids of the posts that a reader finds."""
    shown = permalinks(visit(client, f"/search/?q={word}"))
    return {post.pk for post in Post.objects.all() if post.get_absolute_url() in shown}


def test_the_words_of_tags_that_only_drafts_have_are_not_known(run):
    make_note(tags=["secret"], is_draft=True)

    run()

    assert not Word.objects.filter(word="secret").exists()


def test_an_index_that_was_emptied_is_made_anew(run):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL writes its index with the row")
    post = make_entry(title="Lighthouses")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO blog_searchindex (blog_searchindex) VALUES ('delete-all')")
    assert found_by("lighthouses") == set()

    run()

    assert found_by("lighthouses") == {post.pk}


def test_it_goes_on_to_the_last_batch(run):
    make_timeline(20)
    SearchDocument.objects.all().delete()

    with mock.patch.object(rebuild_search, "BATCH", 2):
        printed = run()

    assert SearchDocument.objects.count() == 20
    assert printed.startswith("20 posts indexed, 5 links, ")


def test_it_asks_the_same_number_of_queries_for_a_batch_of_any_size(run, django_assert_max_num_queries):
    make_timeline(80)

    with django_assert_max_num_queries(100):
        run()


def test_no_post_is_touched(run):
    make_timeline(4)
    before = rows_of(Post)

    run()

    assert rows_of(Post) == before
