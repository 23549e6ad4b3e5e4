"""`manage.py generate_posts`, and the settings for bulk writes."""

import gc
from collections import Counter
from contextlib import suppress

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from blog.database.bulk_insert import LARGE_CACHE, large_sqlite_cache, without_gc
from blog.models import LinkedHost, LinkedUrl, Post, SearchDocument, Series, SiteState, Tag
from blog.samples.generator import ENTRIES_PER_SERIES, Generator, kinds, required_fields
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
def test_sqlite_pragmas_are_restored_after_bulk_writes(error):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has pragmas")

    def pragmas():
        with connection.cursor() as cursor:
            return [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in LARGE_CACHE]

    usual = pragmas()
    with suppress(RuntimeError), large_sqlite_cache():
        assert pragmas() == list(LARGE_CACHE.values())
        raise error or RuntimeError

    assert pragmas() == usual


@pytest.mark.parametrize("is_usual", [True, False])
def test_garbage_collection_is_restored(is_usual):
    (gc.enable if is_usual else gc.disable)()
    try:
        with suppress(RuntimeError), without_gc():
            assert not gc.isenabled()
            raise RuntimeError
        assert gc.isenabled() == is_usual
    finally:
        gc.enable()


def generated_posts():
    return list(Post.objects.order_by("pk").values_list("uuid", "published", "slug", "html"))


def test_generated_posts_are_public_counted_and_found(client):
    generate()

    assert Post.objects.published().count() == NUMBER
    assert sum(SiteState.load().totals_by_year().values()) == NUMBER
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


def test_the_seed_determines_the_posts():
    generate(seed=7)
    first = generated_posts()
    Post.objects.all().delete()
    generate(seed=7)
    assert generated_posts() == first
    Post.objects.all().delete()

    generate(seed=8)

    assert generated_posts() != first


def test_existing_posts_stay():
    post = make_entry(title="Boats")

    generate()

    assert Post.objects.count() == NUMBER + 1
    assert Post.objects.get(pk=post.pk).headline == "Boats"


@pytest.mark.parametrize("number", ["0", "-1", "many", "99999999999"])
def test_an_invalid_number_of_posts_is_refused(number):
    with pytest.raises(CommandError, match="number of posts"):
        generate(number)


def test_dependent_rows_are_those_that_saving_a_post_writes():
    generate()
    posts = list(Post.objects.as_kinds().prefetch_related("tags"))

    assert len(posts) == NUMBER
    for post in posts:
        names = sorted(tag.name for tag in post.tags.all())
        document = SearchDocument.for_post(post, "en", names)
        expected = {
            name: getattr(document, name) for name in ("title", "tags", "body", "by", "text", "month")
        }
        assert SearchDocument.objects.values(*expected).get(pk=post.pk) == expected
        assert hosts(post.linked_hosts.all()) == hosts(LinkedHost.for_post(post))
        keys = {row.url_key for row in LinkedUrl.for_post(post)}
        assert {row.url_key for row in post.linked_urls.all()} == keys


@pytest.mark.parametrize("kind", Post.kinds().values())
def test_required_fields_of_a_kind_get_values_by_their_type(kind):
    generator = Generator(1, "en", utc(2024, 6, 8))

    for field in required_fields(kind):
        field.clean(generator.value_for(field, "A title"), None)


def test_every_kind_has_a_share():
    assert set(kinds()) == set(Post.kinds().values())


def hosts(links):
    return {(link.host, link.is_via, link.published, link.is_public) for link in links}


def test_there_are_series_and_days_with_several_posts():
    generate(300)

    series = Series.objects.get(title__endswith=" 0")
    assert 0 < series.posts.count() <= ENTRIES_PER_SERIES
    days = Counter(Post.objects.values_list("day", flat=True))
    assert max(days.values()) > 1
