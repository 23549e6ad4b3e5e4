"""The sample posts of a new weblog, and their dates."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from blog.models import FormerPermalink, ImportedRow, Note, Page, Post, Series, SiteSettings, Tag
from blog.samples import sample_posts
from tests.factories import make_note, set_site

pytestmark = pytest.mark.django_db
NUMBER = len(sample_posts.read_all())

MOMENTS = ["2024-02-29 23:59:59", "2025-01-01 00:00:00", "2025-03-31 00:01:00", "2025-07-15 12:00:00"]


def sample(slug):
    return Post.objects.get(imported_rows__table="sample", slug=slug).as_kind()


def test_the_samples_introduce_the_built_in_kinds():
    sample_posts.make()

    kinds = set(Post.objects.published().values_list("kind", flat=True))
    assert kinds == {"entry", "blogmark", "quotation", "note"}


def test_every_text_is_shown_in_full_on_its_page(client):
    sample_posts.make()

    for post in Post.objects.published():
        assert client.get(post.get_absolute_url()).status_code == 200
        assert post.word_count > 3


@pytest.mark.parametrize("moment", MOMENTS)
def test_dates_fill_the_archives_whenever_it_is(time_machine, moment):
    time_machine.move_to(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False)
    today = timezone.localdate()
    sample_posts.make()

    days = set(Post.objects.published().values_list("day", flat=True))
    assert {today, today - timedelta(days=1), today - timedelta(days=7)} <= days
    months = {(day.year, day.month) for day in days}
    last_month = today.replace(day=1) - timedelta(days=1)
    assert {(today.year - 1, today.month), (last_month.year, last_month.month)} <= months


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_same_day_has_the_same_posts(time_machine, moment):
    time_machine.move_to(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False)

    sample_posts.make()
    first = timeline()
    Post.objects.all().delete()
    ImportedRow.objects.all().delete()
    sample_posts.make()

    assert timeline() == first


def timeline():
    posts = Post.objects.newest_first()
    return list(posts.values_list("kind", "number", "day", "slug", "published", "headline"))


def test_todays_posts_are_public_even_right_after_midnight(time_machine):
    set_site(time_zone="Pacific/Auckland")
    time_machine.move_to(datetime(2025, 6, 14, 12, 0, 30, tzinfo=UTC), tick=False)

    sample_posts.make()

    assert Post.objects.published().filter(day="2025-06-15").count() == 3


def test_one_is_a_draft_and_one_waits_for_its_time():
    sample_posts.make()

    assert Post.objects.filter(is_draft=True).count() == 1
    assert Post.objects.filter(is_draft=False, published__gt=timezone.now()).count() == 1


def test_tags_are_shared_and_a_series_has_several_posts():
    sample_posts.make()

    shared = [tag for tag in Tag.objects.all() if tag.taggings.count() > 1]
    assert len(shared) > 5
    assert Series.objects.get().posts.count() == 4


def test_the_site_and_its_about_page_introduce_themselves():
    sample_posts.make()

    assert SiteSettings.load().title == "A New Weblog"
    assert "Pages" in Page.objects.get(slug="about").body
    assert "[tag](/tags/)" in Page.objects.get(slug="about").body


def test_what_the_author_has_written_stays():
    set_site(tagline="Mine")
    Page.objects.filter(slug="about").update(body="About me.")

    sample_posts.make()

    assert SiteSettings.load().title == "Weblog"
    assert Page.objects.get(slug="about").body == "About me."


def test_they_are_not_wanted_where_there_is_a_post():
    make_note()

    assert not sample_posts.are_wanted()


def test_they_do_not_come_back_when_they_were_deleted():
    sample_posts.make()
    sample_posts.remove()

    assert not Post.objects.exists()
    assert not sample_posts.are_wanted()


def test_removing_them_leaves_nothing_behind(client):
    sample_posts.make()
    address = sample("welcome").get_absolute_url()

    assert sample_posts.remove() == (NUMBER, 0)

    assert not Tag.objects.exists()
    assert not Series.objects.exists()
    assert not FormerPermalink.objects.exists()
    assert client.get(address).status_code == 404


def test_removing_keeps_what_the_author_has_changed():
    sample_posts.make()
    changed = sample("welcome")
    changed.body += "\n\nAnd mine."
    changed.save()
    sample("why-link").tags.add("mine")

    assert sample_posts.remove() == (NUMBER - 2, 2)

    assert set(Post.objects.values_list("slug", flat=True)) == {"welcome", "why-link"}
    assert set(Tag.objects.values_list("name", flat=True)) == {"weblogs", "linking", "mine"}
    assert Series.objects.exists()


def test_a_sample_that_was_saved_without_a_change_is_removed():
    sample_posts.make()
    sample("welcome").save()

    assert sample_posts.remove() == (NUMBER, 0)


def test_removing_takes_no_other_post_and_no_other_tag():
    sample_posts.make()
    note = make_note(tags=["feeds"])
    Tag.objects.create(name="unused")

    sample_posts.remove()

    assert list(Post.objects.all()) == [note.post_ptr]
    assert set(Tag.objects.values_list("name", flat=True)) == {"feeds", "unused"}


def test_removing_keeps_the_counts_of_tags_right():
    sample_posts.make()
    make_note(tags=["feeds"])

    sample_posts.remove()

    assert Tag.objects.get().uses == 1


def test_removed_samples_are_not_found(client):
    sample_posts.make()
    address = sample("folksonomy").get_absolute_url()
    assert address in client.get("/search/?q=folksonomy").text

    sample_posts.remove()

    assert address not in client.get("/search/?q=folksonomy").text


def test_a_kept_sample_can_be_removed_once_it_is_as_it_was():
    sample_posts.make()
    note = sample("welcome")
    Note.objects.filter(pk=note.pk).update(title="Mine")
    sample_posts.remove()
    Note.objects.filter(pk=note.pk).update(title=note.title)

    assert sample_posts.remove() == (1, 0)


def test_every_file_makes_one_row():
    made = sample_posts.make()

    rows = ImportedRow.objects.filter(table="sample")
    assert sorted(rows.values_list("row", flat=True)) == list(range(1, made + 1))
