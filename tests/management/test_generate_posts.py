"""Archives that are made up, for measuring."""

import gc
from collections import Counter
from contextlib import suppress

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from blog.database.bulk_insert import LARGE_CACHE, large_sqlite_cache, without_gc
from blog.models import Link, LinkedUrl, Post, SearchDocument, Series, SiteState, Tag
from blog.samples.generator import ENTRIES_OF_SERIES
from tests.factories import make_entry, utc

pytestmark = pytest.mark.django_db

NUMBER = 60


@pytest.fixture(autouse=True)
def clock(time_machine, monkeypatch):
    time_machine.move_to(utc(2024, 6, 8), tick=False)
    for name in ("WORDS", "RARE_WORDS", "PARAGRAPHS", "TAGS", "HOSTS", "PEOPLE"):
        monkeypatch.setattr(f"blog.samples.generator.{name}", 40)
    monkeypatch.setattr("blog.samples.generator.BATCH", 25)


def generate(number=NUMBER, **options):
    call_command("generate_posts", str(number), verbosity=0, **options)


@pytest.mark.parametrize("error", [None, RuntimeError])
def test_the_database_gets_its_room_back(error):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps in memory what it thinks right")

    def pragmas():
        with connection.cursor() as cursor:
            return [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in LARGE_CACHE]

    usual = pragmas()
    with suppress(RuntimeError), large_sqlite_cache():
        assert pragmas() == list(LARGE_CACHE.values())
        raise error or RuntimeError

    assert pragmas() == usual


@pytest.mark.parametrize("is_usual", [True, False])
def test_garbage_is_collected_again_as_before(is_usual):
    (gc.enable if is_usual else gc.disable)()
    try:
        with suppress(RuntimeError), without_gc():
            assert not gc.isenabled()
            raise RuntimeError
        assert gc.isenabled() == is_usual
    finally:
        gc.enable()


def told():
    return list(Post.objects.order_by("pk").values_list("uuid", "published", "slug", "html"))


def test_all_of_it_is_public_and_counted_and_found(client):
    generate()

    assert Post.objects.published().count() == NUMBER
    assert sum(SiteState.load().count_of(kind) for kind in Post.kinds()) == NUMBER
    call_command("recompute_counts", "--check", verbosity=0)
    post = Post.objects.filter(kind="blogmark").first().as_kind()
    word = post.link_title.split()[0]
    tag = Tag.objects.public().first()
    for path in (
        "/?page=2",
        post.get_absolute_url(),
        post.get_day_url(),
        tag.get_absolute_url(),
        f"/search/?q={word}",
        "/atom/everything/",
        "/links/",
    ):
        assert client.get(path).status_code == 200, path
    found = client.get("/search/", {"q": post.link_title}).content.decode()
    assert f'href="{post.get_absolute_url()}"' in found


def test_the_same_seed_makes_the_same_posts_and_another_makes_others():
    generate(seed=7)
    first = told()
    Post.objects.all().delete()
    generate(seed=7)
    assert told() == first
    Post.objects.all().delete()

    generate(seed=8)

    assert told() != first


def test_they_come_beside_what_there_is():
    post = make_entry(title="Boats")

    generate()

    assert Post.objects.count() == NUMBER + 1
    assert Post.objects.get(pk=post.pk).headline == "Boats"


@pytest.mark.parametrize("number", ["0", "-1", "many", "99999999999"])
def test_what_is_no_number_of_posts_is_refused(number):
    with pytest.raises(CommandError, match="number of posts"):
        generate(number)


def test_what_belongs_to_a_post_is_what_saving_it_would_have_written():
    generate()

    for post in Post.objects.as_kinds().prefetch_related("tags"):
        names = sorted(tag.name for tag in post.tags.all())
        document = SearchDocument.for_post(post, "en", names)
        told = {name: getattr(document, name) for name in ("title", "tags", "body", "by", "text", "month")}
        assert SearchDocument.objects.values(*told).get(pk=post.pk) == told
        assert hosts(post.links.all()) == hosts(Link.for_post(post))
        keys = {row.url_key for row in LinkedUrl.for_post(post)}
        assert {row.url_key for row in post.linked_urls.all()} == keys


def hosts(links):
    return {(link.host, link.is_via, link.published, link.is_public) for link in links}


def test_there_are_series_and_busy_days():
    generate(300)

    series = Series.objects.get(title__endswith=" 0")
    assert 0 < series.posts.count() <= ENTRIES_OF_SERIES
    days = Counter(Post.objects.values_list("day", flat=True))
    assert max(days.values()) > 1
