"""Queries for posts of all kinds."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from blog.models import Post, SiteSettings
from tests.factories import FACTORIES, make_entry, make_note, make_series, make_timeline, utc

pytestmark = pytest.mark.django_db


def test_only_published_posts_are_public(time_machine):
    time_machine.move_to(utc(2024, 6, 8))
    public = make_entry(published=utc(2024, 6, 8))
    make_entry(published=utc(2024, 6, 8), is_draft=True)
    make_entry(published=utc(2024, 6, 9))
    make_entry(is_draft=True)

    assert [post.pk for post in Post.objects.published()] == [public.pk]


def test_is_public_agrees_with_published(time_machine):
    time_machine.move_to(utc(2024, 6, 8))
    for published in (utc(2024, 6, 7), utc(2024, 6, 8), utc(2024, 6, 9)):
        make_entry(published=published)
        make_entry(published=published, is_draft=True)

    published = set(Post.objects.published())

    assert published == {post for post in Post.objects.all() if post.is_public}


def test_newest_first_breaks_ties_by_id():
    moment = utc(2024, 6, 8)
    first, second = make_note(published=moment), make_note(published=moment)
    newest = make_note(published=utc(2024, 6, 9))

    assert [post.pk for post in Post.objects.newest_first()] == [newest.pk, second.pk, first.pk]


def test_every_post_is_either_before_or_since_a_position():
    moment = utc(2024, 6, 8)
    oldest = make_note(published=utc(2024, 6, 7))
    first, second, third = (make_note(published=moment) for _ in range(3))
    newest = make_note(published=utc(2024, 6, 9))

    before = Post.objects.before((moment, second.pk))
    since = Post.objects.since((moment, second.pk))

    assert {post.pk for post in before} == {oldest.pk, first.pk}
    assert {post.pk for post in since} == {second.pk, third.pk, newest.pk}


def test_as_kinds_yields_instances_of_their_kinds_in_one_query(django_assert_num_queries):
    written = make_timeline(8)

    with django_assert_num_queries(1):
        posts = list(Post.objects.as_kinds().order_by("pk"))

    assert posts == written
    assert [type(post) for post in posts] == [type(post) for post in written]


@pytest.mark.parametrize(
    ("queryset", "unread"),
    [(Post.objects.for_lists, {"body", "html"}), (Post.objects.in_full, {"body", "summary_html"})],
)
def test_a_list_runs_two_queries_and_loads_only_the_text_it_shows(
    queryset, unread, django_assert_num_queries
):
    make_timeline(8)

    with django_assert_num_queries(2):
        posts = list(queryset())
        tags = [tag.name for post in posts for tag in post.shown_tags]

    assert len(tags) == 16
    for post in posts:
        assert post.get_deferred_fields() & {"body", "html", "summary_html"} == unread


@pytest.mark.parametrize("kind", FACTORIES)
def test_lists_load_all_that_their_template_shows(kind, django_assert_num_queries):
    FACTORIES[kind](tags=["sea"], series=make_series(), byline="Ada", language="de")

    [post] = Post.objects.for_lists()

    site = SiteSettings.load()
    with django_assert_num_queries(0):
        context = {"post": post, "site": site, "with_date": True}
        html = render_to_string("blog/includes/post.html", context)
    assert "sea" in html


@pytest.mark.parametrize("kind", FACTORIES)
def test_in_full_loads_the_fields_of_the_kind(kind, django_assert_num_queries):
    written = FACTORIES[kind]()
    own = [field.name for field in written._meta.local_fields if not field.is_relation]

    post = Post.objects.in_full().get()

    with django_assert_num_queries(0):
        assert [getattr(post, name) for name in own] == [getattr(written, name) for name in own]


@pytest.mark.parametrize("queryset", [Post.objects.for_lists, Post.objects.in_full])
def test_a_post_from_a_list_can_be_saved_without_loss(queryset, time_machine):
    make_entry(body="First.\n\nSecond.")
    tomorrow = timezone.now() + timedelta(days=1)
    time_machine.move_to(tomorrow, tick=False)

    post = queryset().get()
    post.title = "Another"
    post.save()

    saved = Post.objects.get().as_kind()
    assert saved.body == "First.\n\nSecond."
    assert "Second." in saved.html
    assert saved.modified == tomorrow


def test_as_kind_returns_an_instance_of_the_kind():
    entry = make_entry()

    post = Post.objects.get()

    assert post.as_kind() == entry
    assert post.as_kind().as_kind() == entry


def test_tags_added_to_a_kind_are_tags_of_the_post():
    make_entry(tags=["sea"])

    assert [tag.name for tag in Post.objects.get().tags.all()] == ["sea"]


def test_kinds_are_keyed_by_model_name():
    assert {name: kind._meta.model_name for name, kind in Post.kinds().items()} == {
        name: name for name in FACTORIES
    }


@pytest.mark.parametrize("kind", FACTORIES)
def test_titles_have_all_that_a_link_needs(kind, django_assert_num_queries):
    written = FACTORIES[kind](language="de")

    with django_assert_num_queries(1):
        [title] = Post.objects.as_titles()

    assert title.get_absolute_url() == written.get_absolute_url()
    assert (title.day, title.headline, title.language) == (written.day, written.headline, "de")
