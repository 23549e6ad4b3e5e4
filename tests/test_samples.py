"""The sample posts of a new weblog, and their dates."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from blog.models import FormerPermalink, ImportedRow, Note, Page, Post, Series, SiteSettings, Tag
from blog.samples import sample_posts
from tests.factories import make_note, set_site

pytestmark = pytest.mark.django_db
NUMBER = len(sample_posts.read_samples())

MOMENTS = ["2024-02-29 23:59:59", "2025-01-01 00:00:00", "2025-03-31 00:01:00", "2025-07-15 12:00:00"]


def sample(slug):
    return Post.objects.get(imported_rows__table="sample", slug=slug).as_kind()


def test_the_samples_introduce_the_built_in_kinds():
    sample_posts.create()

    kinds = set(Post.objects.published().values_list("kind", flat=True))
    assert kinds == {"entry", "blogmark", "quotation", "note"}


def test_every_public_sample_has_words_and_a_page(client):
    sample_posts.create()

    posts = list(Post.objects.published())
    assert len(posts) == NUMBER - 2  # without a draft and a scheduled post
    assert [post.slug for post in posts if client.get(post.get_absolute_url()).status_code != 200] == []
    assert [post.slug for post in posts if post.word_count <= 3] == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_samples_are_spread_over_days_and_months_at_any_time_of_year(time_machine, moment):
    time_machine.move_to(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False)
    today = timezone.localdate()
    sample_posts.create()

    days = set(Post.objects.published().values_list("day", flat=True))
    assert {today, today - timedelta(days=1), today - timedelta(days=7)} <= days
    months = {(day.year, day.month) for day in days}
    last_month = today.replace(day=1) - timedelta(days=1)
    assert {(today.year - 1, today.month), (last_month.year, last_month.month)} <= months


@pytest.mark.parametrize("moment", MOMENTS)
def test_samples_are_the_same_when_created_again_at_the_same_time(time_machine, moment):
    time_machine.move_to(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False)

    sample_posts.create()
    first = timeline()
    Post.objects.all().delete()
    ImportedRow.objects.all().delete()
    sample_posts.create()

    assert timeline() == first


def timeline():
    posts = Post.objects.newest_first()
    return list(posts.values_list("kind", "number", "day", "slug", "published", "headline"))


def test_todays_samples_are_public_right_after_midnight(time_machine):
    set_site(time_zone="Pacific/Auckland")
    time_machine.move_to(datetime(2025, 6, 14, 12, 0, 30, tzinfo=UTC), tick=False)

    sample_posts.create()

    assert Post.objects.published().filter(day="2025-06-15").count() == 3


def test_one_sample_is_a_draft_and_one_is_scheduled():
    sample_posts.create()

    assert Post.objects.filter(is_draft=True).count() == 1
    assert Post.objects.filter(is_draft=False, published__gt=timezone.now()).count() == 1


def test_samples_share_tags_and_a_series():
    sample_posts.create()

    shared = [tag for tag in Tag.objects.all() if tag.taggings.count() > 1]
    assert len(shared) > 5
    assert Series.objects.get().posts.count() == 4


def test_creating_samples_fills_in_the_site_title_and_about_page():
    sample_posts.create()

    assert SiteSettings.load().title == "A New Weblog"
    assert "Pages" in Page.objects.get(slug="about").body
    assert "[tags](/tags/)" in Page.objects.get(slug="about").body


def test_creating_samples_keeps_settings_and_pages_that_the_author_wrote():
    set_site(tagline="Mine")
    Page.objects.filter(slug="about").update(body="About me.")

    sample_posts.create()

    assert SiteSettings.load().title == "Weblog"
    assert Page.objects.get(slug="about").body == "About me."


def test_samples_are_not_wanted_if_there_is_a_post():
    make_note()

    assert not sample_posts.are_wanted()


def test_removed_samples_do_not_come_back():
    sample_posts.create()
    sample_posts.remove()

    assert not Post.objects.exists()
    assert not sample_posts.are_wanted()


def test_removing_samples_leaves_nothing_behind(client):
    sample_posts.create()
    address = sample("welcome").get_absolute_url()

    assert sample_posts.remove() == (NUMBER, 0)

    assert not Tag.objects.exists()
    assert not Series.objects.exists()
    assert not FormerPermalink.objects.exists()
    assert client.get(address).status_code == 404


def test_removing_samples_keeps_edited_ones():
    sample_posts.create()
    changed = sample("welcome")
    changed.body += "\n\nAnd mine."
    changed.save()
    sample("why-link").tags.add("mine")

    assert sample_posts.remove() == (NUMBER - 2, 2)

    assert set(Post.objects.values_list("slug", flat=True)) == {"welcome", "why-link"}
    assert set(Tag.objects.values_list("name", flat=True)) == {"weblogs", "linking", "mine"}
    assert Series.objects.exists()


def test_a_sample_saved_without_changes_is_removed():
    sample_posts.create()
    sample("welcome").save()

    assert sample_posts.remove() == (NUMBER, 0)


def test_removing_samples_keeps_other_posts_and_tags():
    sample_posts.create()
    note = make_note(tags=["feeds"])
    Tag.objects.create(name="unused")

    sample_posts.remove()

    assert list(Post.objects.all()) == [note.post_ptr]
    assert set(Tag.objects.values_list("name", flat=True)) == {"feeds", "unused"}


def test_removing_samples_updates_tag_counts():
    sample_posts.create()
    make_note(tags=["feeds"])

    sample_posts.remove()

    assert Tag.objects.get().uses == 1


def test_search_does_not_find_removed_samples(client):
    sample_posts.create()
    address = sample("folksonomy").get_absolute_url()
    assert address in client.get("/search/?q=folksonomy").text

    sample_posts.remove()

    assert address not in client.get("/search/?q=folksonomy").text


def test_an_edited_sample_can_be_removed_once_the_edit_is_undone():
    sample_posts.create()
    note = sample("welcome")
    Note.objects.filter(pk=note.pk).update(title="Mine")
    sample_posts.remove()
    Note.objects.filter(pk=note.pk).update(title=note.title)

    assert sample_posts.remove() == (1, 0)


def test_every_sample_file_is_recorded():
    made = sample_posts.create()

    rows = ImportedRow.objects.filter(table="sample")
    assert sorted(rows.values_list("row", flat=True)) == list(range(1, made + 1))
