"""The current tags in the header of every page: those that most recent posts have."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from blog.models import SiteSettings, SiteState, Tag
from tests.factories import make_note, make_tag, set_site, utc

pytestmark = pytest.mark.django_db


def current():
    return [name for name, slug in SiteState.load().current_tags]


def header(client, path):
    page = BeautifulSoup(client.get(path).content, "lxml")
    return [(link.get_text(), link["href"]) for link in page.select(".site-header .current a")]


def test_they_are_the_most_used_ones_by_name(monkeypatch):
    monkeypatch.setattr("blog.models.tags.MAX_CURRENT_TAGS", 2)
    for tags in (["sea"], ["sea", "land"], ["sea", "land", "air"]):
        make_note(tags=tags)

    assert current() == ["land", "sea"]


def test_one_stays_until_twice_as_many_others_are_used_more(monkeypatch, time_machine):
    monkeypatch.setattr("blog.models.tags.MAX_CURRENT_TAGS", 1)
    make_note(tags=["sea"])
    time_machine.move_to(timezone.now() + timedelta(days=1))
    make_note(tags=["land"])
    make_note(tags=["land"])
    assert current() == ["sea"]

    time_machine.shift(86400)
    for _ in range(2):
        make_note(tags=["air"])
    time_machine.shift(86400)
    make_note(tags=["air", "land"])

    assert "sea" not in current()


def test_there_are_at_most_six():
    make_note(tags=[f"tag {n}" for n in range(9)])

    assert len(current()) == 6


def test_only_the_newest_posts_are_counted(monkeypatch):
    monkeypatch.setattr("blog.models.tags.RECENT_POSTS", 2)
    for day, tag in ((1, "old"), (2, "old"), (3, "old"), (4, "new"), (5, "newest")):
        make_note(tags=[tag], published=utc(2024, 6, day))

    assert current() == ["new", "newest"]


def test_tags_of_drafts_and_scheduled_posts_are_left_out(client):
    make_note(tags=["secret"], is_draft=True)
    make_note(tags=["later"], published=utc(2999, 1, 1))

    assert current() == []
    assert header(client, "/") == []


def test_they_are_updated_when_tags_change():
    post = make_note(tags=["sea", "land"])
    Tag.objects.get(name="land").rename("shore")
    assert current() == ["sea", "shore"]

    Tag.objects.get(name="sea").delete()
    assert current() == ["shore"]

    post.tags.clear()
    assert current() == []


def test_a_full_list_stays_for_the_day(time_machine):
    time_machine.move_to(utc(2024, 6, 8, 12))
    make_note(tags=[f"tag {n}" for n in range(6)])
    before = current()
    for _ in range(3):
        make_note(tags=["other"])
    assert current() == before

    time_machine.move_to(utc(2024, 6, 9, 1))
    for number in range(12):
        make_note(tags=[f"new {number}"])
        make_note(tags=[f"new {number}"])
    Tag.objects.store_current_tags()
    assert not {"tag 0", "tag 1"} & set(current())


def test_a_tag_that_loses_its_last_public_post_leaves_at_once(time_machine):
    time_machine.move_to(utc(2024, 6, 8, 12))
    make_note(tags=[f"tag {n}" for n in range(7)])
    post = make_note(tags=["sea"])
    assert "sea" not in current()
    Tag.objects.store_current_tags()
    for tag in Tag.objects.filter(name="tag 0"):
        tag.taggings.first().content_object.as_kind().delete()

    assert post.pk
    assert not {"tag 0"} & set(current())


def test_saving_the_settings_keeps_them():
    settings = SiteSettings.load()
    make_note(tags=["sea"])

    settings.save()

    assert current() == ["sea"]


@pytest.mark.parametrize("path", ["/", "/notes/", "/tags/", "/search/", "/about/", "/nothing/"])
def test_every_page_links_to_them(client, path):
    set_site(title="Harbour")
    make_tag("North Sea")
    make_note(tags=["North Sea"])

    assert header(client, path) == [("North Sea", "/tags/north-sea/")]
