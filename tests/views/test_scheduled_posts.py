"""A scheduled post appears by itself, at its time in the site's time zone."""

from datetime import timedelta

import pytest

from blog.models import Post, Tag
from tests.factories import set_site, utc
from tests.helpers.browsing import permalinks, texts, visit
from tests.helpers.writing import publish_at, write

pytestmark = pytest.mark.django_db

MINUTE = utc(2024, 6, 9, 0, 30)  # 8 June, 17:30 in California


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(utc(2024, 6, 8, 21, 43), tick=False)
    return time_machine


@pytest.mark.parametrize("kind", Post.kinds())
def test_it_appears_everywhere_at_its_time_and_not_a_second_before(admin_client, client, clock, kind):
    set_site(time_zone="America/Los_Angeles")
    post = write(admin_client, kind, tags="sea", **publish_at(utc(2024, 6, 8, 17, 30)))
    places = ["/", "/2024/Jun/8/", "/tags/sea/", f"/{post.listing}/"]

    clock.move_to(MINUTE - timedelta(seconds=1))
    before = [client.get(path) for path in [*places, post.get_absolute_url()]]
    feed_before = client.get("/atom/everything/").content.decode()
    clock.move_to(MINUTE)

    assert all(post.get_absolute_url() not in response.content.decode() for response in before)
    assert post.get_absolute_url() not in feed_before
    assert post.published == MINUTE
    for path in places:
        assert permalinks(visit(client, path)) == [post.get_absolute_url()], path
    assert post.get_absolute_url() in client.get("/atom/everything/").content.decode()
    assert Tag.objects.get(name="sea").uses == 1


def test_its_form_shows_the_time_in_the_time_zone_of_the_site(admin_client):
    set_site(time_zone="America/Los_Angeles")
    post = write(admin_client, "note", **publish_at(utc(2024, 6, 8, 17, 30)))

    form = visit(admin_client, f"/admin/blog/note/{post.pk}/change/")

    assert texts(form, "#outcome") == [
        "This will be published on Saturday, 8 June 2024, 17:30 (PDT), in 2 hours, 47 minutes."
    ]
    assert form.select_one("[name=published_1]")["value"] == "17:30:00"
