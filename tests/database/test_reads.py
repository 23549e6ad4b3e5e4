"""What a response was made from, and what becomes of a response that nothing follows."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.http import HttpResponse
from django.urls import path

from blog.caching.response_cache import REQUEST_KEYS
from blog.database import reads
from blog.models import Post, Series, Tag
from tests.factories import make_entry, make_note, make_series
from weblog.urls import urlpatterns as weblog_urls


def titles_of_series(request):
    return HttpResponse(", ".join(Series.objects.values_list("title", flat=True)))


def number_of_drafts(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM blog_post WHERE is_draft")
        return HttpResponse(str(cursor.fetchone()[0]))


def number_of_users(request):
    return HttpResponse(str(get_user_model().objects.count()))


urlpatterns = [
    path("titles/", titles_of_series),
    path("drafts-count/", number_of_drafts),
    path("users/", number_of_users),
    *weblog_urls,
]

pytestmark = pytest.mark.django_db


def test_only_queries_outside_of_followed_ones_are_unfollowed():
    make_note(tags=["sea"])

    with reads.collect() as read:
        list(Tag.objects.public().followed_by("tags"))
        with reads.followed_by("newest"):
            Post.objects.count()
    assert (read.keys, read.unfollowed) == ({"tags", "newest"}, [])

    with reads.collect() as read:
        Tag.objects.public().exists()
    assert read.unfollowed_tables() == {"blog_tag"}


@pytest.mark.parametrize("finish", [list, len, bool, lambda rows: rows.count(), lambda rows: rows.first()])
def test_keys_stay_with_a_queryset_however_it_is_refined_and_evaluated(finish):
    make_note()

    with reads.collect() as read:
        finish(Post.objects.followed_by("newest").filter(kind="note").order_by("-pk"))

    assert "newest" in read.keys
    assert not read.unfollowed


def test_loaded_posts_have_keys_of_their_own():
    post = make_note()

    with reads.collect() as whole:
        Post.objects.get()
    with reads.collect() as title:
        Post.objects.only("headline").get()

    assert whole.keys == {f"post-{post.pk}"}
    assert title.keys == {f"title-{post.pk}"}


def test_outside_of_a_response_nothing_is_gathered():
    make_note()

    with reads.followed_by("newest"):
        assert Post.objects.followed_by("newest").count() == 1


@pytest.mark.urls("tests.database.test_reads")
@pytest.mark.parametrize(
    ("address", "change"),
    [
        ("/titles/", lambda: Series.objects.update(title="Waves")),
        ("/drafts-count/", lambda: make_note(is_draft=True)),
    ],
)
def test_a_view_that_says_nothing_is_cached_until_any_change(reader, address, change):
    make_series()
    first = reader.get(address)
    assert reader.response_cache.store.memory.pages

    change()

    assert reader.get(address).content != first.content


@pytest.mark.urls("tests.database.test_reads")
def test_a_view_of_tables_without_triggers_is_not_cached(reader, django_user_model):
    assert reader.get("/users/").content == b"0"

    django_user_model.objects.create_user("author")

    assert reader.get("/users/").content == b"1"


def test_a_template_of_a_list_that_shows_the_series_is_never_stale(reader, client, settings, tmp_path):
    (tmp_path / "blog" / "posts").mkdir(parents=True)
    (tmp_path / "blog" / "posts" / "entry.html").write_text("In {{ post.series.title }}.")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    series = make_series(title="Waves")
    make_entry(series=series)
    assert "In Waves." in reader.get("/").content.decode()
    assert "any" in client.get("/").wsgi_request.META[REQUEST_KEYS]

    Series.objects.update(title="Tides")

    assert "In Tides." in reader.get("/").content.decode()
