"""What is kept of the links of posts follows the posts."""

import pytest

from blog.models import Link, LinkedUrl
from tests.factories import make_blogmark, make_entry, make_quotation, utc
from tests.helpers.tagging import rows_of

pytestmark = pytest.mark.django_db


def kept(post):
    return sorted(Link.objects.filter(post=post).values_list("host", "is_via", "is_public", "published"))


def addresses(post):
    return sorted(LinkedUrl.objects.filter(post=post).values_list("url_key", flat=True))


def test_every_link_of_a_post_is_kept_once():
    day = utc(2024, 6, 8)
    post = make_blogmark(
        link_url="https://www.example.com/a/?utm_source=x",
        via_url="https://example.org/",
        body="[One](http://example.com/a), [two](https://example.com/b#part), [mail](mailto:a@example.com).",
        published=day,
    )

    assert kept(post) == [("example.com", False, True, day), ("example.org", True, True, day)]
    assert addresses(post) == ["example.com/a", "example.com/b", "example.org"]


def test_the_source_of_a_quotation_is_one():
    assert addresses(make_quotation(source_url="https://example.com/talk")) == ["example.com/talk"]


def test_they_follow_a_change_of_the_post():
    post = make_blogmark(link_url="https://example.com/", via_url="https://example.org/", body="")

    post.link_url, post.via_url = "https://example.net/", "https://example.com/"
    post.save()

    assert [row[:3] for row in kept(post)] == [("example.com", True, True), ("example.net", False, True)]
    assert addresses(post) == ["example.com", "example.net"]


def test_they_repeat_whether_the_post_is_public():
    post = make_blogmark(link_url="https://example.com/", is_draft=True)
    assert kept(post) == [("example.com", False, False, None)]

    post.is_draft = False
    post.save()

    assert kept(post) == [("example.com", False, True, post.published)]


def test_a_scheduled_post_brings_its_links_when_its_time_has_come(client, time_machine):
    time_machine.move_to(utc(2024, 6, 8), tick=False)
    make_blogmark(link_url="https://example.com/", published=utc(2024, 6, 9))
    assert client.get("/links/example.com/").status_code == 404

    time_machine.move_to(utc(2024, 6, 9, 13))

    assert client.get("/links/example.com/").status_code == 200


def test_saving_a_post_as_it_is_writes_no_link(django_assert_max_num_queries):
    post = make_entry(body="[One](https://example.com/) and [two](https://example.org/).")
    before = rows_of(Link, LinkedUrl)

    with django_assert_max_num_queries(30) as captured:
        post.save()

    written = [q["sql"] for q in captured if "blog_link" in q["sql"] and not q["sql"].startswith("SELECT")]
    assert written == []
    assert rows_of(Link, LinkedUrl) == before
