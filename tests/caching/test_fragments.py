"""Cached fragments: posts as lists show them."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import translation

from blog.caching import fragments
from blog.models import Blogmark, Post, SiteSettings, Tag
from tests.factories import make_blogmark, make_entry, make_timeline, set_site, utc
from tests.helpers.process_caches import clear_process_caches

pytestmark = pytest.mark.django_db


def listed(post, **options):
    """As lists have it."""
    [read] = Post.objects.filter(pk=post.pk).for_lists()
    return fragments.Item(read, SiteSettings.load(), **{"with_date": False, "heading": "h3"} | options)


AUTHOR = 77


@pytest.fixture
def renderings():
    """Says how many posts were rendered since it was asked last."""
    clear_process_caches()
    seen = 0

    def number():
        nonlocal seen
        before, seen = seen, fragments.render.cache_info().misses
        return seen - before

    return number


@pytest.fixture
def post():
    User.objects.create(pk=AUTHOR, username="rae")
    return make_blogmark(
        link_url="https://example.com/",
        link_title="Rain",
        via_url="https://example.org/",
        body="It *rains*.",
        tags=["rain", "wind"],
        published=utc(2024, 6, 8, 21, 43),
    )


def test_a_post_that_several_pages_show_alike_is_rendered_once(reader, renderings):
    make_timeline(8, start=utc(2024, 6, 8), tags=["sea"])

    reader.get("/")
    assert renderings() == 8
    reader.get("/2024/Jun/")
    assert renderings() == 0
    reader.get("/tags/sea/")  # with its day, which the others have above it
    assert renderings() == 8
    reader.get("/entries/")
    assert renderings() == 0


def test_after_a_change_only_what_has_changed_is_rendered(reader, renderings):
    posts = make_timeline(8, start=utc(2024, 6, 8))
    before = reader.get("/").content.decode()
    renderings()

    post = posts[3].as_kind()
    post.body = "Something else."
    post.save()
    after = reader.get("/").content.decode()

    assert renderings() == 1
    assert "Something else." in after
    assert "Something else." not in before


def new_values():
    """Of each field that lists read, a value that no post here has."""
    return {
        "day": utc(2023, 1, 2).date(),
        "slug": "elsewhere",
        "title": "Another",
        "language": "de",
        "published": utc(2024, 6, 8, 3),
        "updated": utc(2024, 6, 9),
        "modified": utc(2024, 6, 9),
        "author_id": AUTHOR,
        "byline": "Somebody Else",
        "headline": "Another",
        "summary_html": "<p>Another</p>",
        "description": "Another",
        "word_count": 99,
        "has_more": True,
        "link_url": "https://example.net/",
        "via_url": "https://example.net/",
        "via_title": "Another",
    }


@pytest.mark.parametrize("field", new_values())
def test_a_post_of_which_anything_was_read_otherwise_is_another_item(post, field):
    before = listed(post)
    assert before == listed(post)

    Blogmark.objects.filter(pk=post.pk).update(**{field: new_values()[field]})

    assert listed(post) != before


def test_there_is_a_new_value_for_each_field_that_lists_read(post):
    [read] = Post.objects.filter(pk=post.pk).for_lists()

    fields = fragments.read_of(read).keys() - {"id", "kind", "post_ptr_id", "shown_tags"}

    assert fields == new_values().keys()


def rename(post):
    Tag.objects.get(name="wind").rename("storm")


def add_a_tag(post):
    post.tags.add("cloud")


def have_the_site_say_so(**settings):
    def change(post):
        set_site(**settings)

    return change


def write_by_hand(post):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE blog_post SET summary_html = '<p>By hand</p>' WHERE id = %s", [post.pk])


@pytest.mark.parametrize(
    "change",
    [
        rename,
        add_a_tag,
        write_by_hand,
        have_the_site_say_so(time_zone="Asia/Tokyo"),
        have_the_site_say_so(language="de"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/2024/Jun/8/", "/tags/rain/", "/blogmarks/", "/links/example.com/"])
def test_a_list_is_what_it_would_be_if_nothing_were_remembered(client, post, change, path):
    client.get(path)

    change(post)
    remembered = client.get(path).content
    clear_process_caches()

    assert client.get(path).content == remembered


def test_the_language_of_the_moment_counts(post):
    before = listed(post)

    with translation.override("de"):
        assert listed(post) != before


def test_what_the_author_of_the_site_decides_makes_other_items(post):
    before = listed(post)

    set_site(author_name="Somebody")

    assert listed(post) != before


def test_a_post_with_other_options_is_another_item(post):
    assert len({listed(post), listed(post), listed(post, with_date=True), listed(post, heading="h2")}) == 3


def test_what_the_counts_of_the_site_say_makes_no_other_item(post):
    before = listed(post)

    make_entry(published=utc(2023, 1, 1), tags=["sea"])

    assert listed(post) == before
