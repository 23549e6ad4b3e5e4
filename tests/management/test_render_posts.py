"""`manage.py render_posts` renders all stored texts again."""

from datetime import timedelta
from unittest import mock

import pytest
from django.apps import apps
from django.core.management import call_command

from blog.management.commands import render_posts
from blog.models import Blogmark, Note, Page, Post, Quotation, Series, SiteSettings, Tag
from tests.factories import (
    FACTORIES,
    make_note,
    make_page,
    make_quotation,
    make_series,
    make_tag,
    make_timeline,
    utc,
)

pytestmark = pytest.mark.django_db
STALE = "<p>Rendered before.</p>"


@pytest.fixture
def run(capsys):
    def run():
        call_command("render_posts")
        return capsys.readouterr().out.splitlines()

    return run


@pytest.mark.parametrize("kind", Post.kinds())
def test_it_renders_posts_of_each_kind(run, kind):
    post = FACTORIES[kind]()
    type(post).objects.update(html=STALE, summary_html=STALE, headline="Stale", description="", word_count=0)

    run()

    again = Post.objects.get().as_kind()
    for name in ("html", "summary_html", "headline", "description", "word_count", "has_more"):
        assert getattr(again, name) == getattr(post, name), name


def test_search_finds_what_was_rendered(run, client):
    post = FACTORIES["note"](body="Lighthouse")
    Note.objects.update(body="Windmill")
    assert post.get_absolute_url() not in client.get("/search/?q=windmill").text

    run()

    assert post.get_absolute_url() in client.get("/search/?q=windmill").text


def test_it_renders_the_context_of_quotations(run):
    quotation = make_quotation(context="In *Nature*")
    Quotation.objects.update(context_html="Stale")

    run()

    assert Quotation.objects.get().context_html == quotation.context_html


def test_it_renders_tags_series_pages_and_the_footer(run):
    SiteSettings.load().save()
    made = [make_tag("a", description="Text."), make_series(summary="Text."), make_page(slug="p")]
    Tag.objects.update(description_html=STALE)
    Series.objects.update(summary_html=STALE)
    Page.objects.update(html=STALE)
    SiteSettings.objects.update(footer="Text.", footer_html=STALE)

    run()

    assert Tag.objects.get().description_html == made[0].description_html
    assert Series.objects.get().summary_html == made[1].summary_html
    assert Page.objects.get(slug="p").html == made[2].html
    assert "Text." in SiteSettings.load().footer_html


def test_it_renders_every_model_with_rendered_text():
    rendered = set(render_posts.rendered_models())

    assert set(Post.kinds().values()) < rendered
    for model in apps.get_app_config("blog").get_models():
        if any(field.name.endswith("html") for field in model._meta.fields) and model is not Post:
            assert model in rendered, model


def test_dates_are_not_changed(run):
    [post] = make_timeline(1)
    moment = utc(2020, 1, 1)
    Post.objects.update(html=STALE, modified=moment, updated=moment)
    page = make_page()
    Page.objects.update(html=STALE, modified=moment)

    run()

    post = Post.objects.get()
    assert post.html != STALE
    assert (post.modified, post.updated) == (moment, moment)
    assert Page.objects.get(pk=page.pk).modified == moment


def test_it_reports_the_number_of_changed_rows(run):
    make_timeline(8)
    Blogmark.objects.filter(pk=Blogmark.objects.first().pk).update(html=STALE)

    printed = run()

    assert "Links: 2 rendered, 1 changed" in printed
    assert "Entries: 2 rendered, 0 changed" in printed


def test_it_writes_only_what_changed(run, django_assert_max_num_queries):
    make_timeline(8)
    models = len(render_posts.rendered_models())

    # For each model a count, one batch of rows and an empty one, each batch with a savepoint and a lock.
    with django_assert_max_num_queries(1 + models * 9) as queries:
        run()

    assert not [query for query in queries if query["sql"].startswith("UPDATE")]


def test_every_batch_is_processed(run):
    make_timeline(20, step=timedelta(hours=1))
    Post.objects.update(html=STALE)

    with mock.patch.object(render_posts, "BATCH", 2):
        run()

    assert not Post.objects.filter(html=STALE).exists()


def test_images_in_older_html_get_resized_copies(run):
    address = "/media/images/0123456789abcdef0123-1000x500.jpg"
    note = make_note(body=f"![A boat]({address})")
    Note.objects.update(html=f'<p><img alt="A boat" src="{address}"></p>')

    run()

    note.refresh_from_db()
    assert "1000x500-480.webp 480w" in note.html
