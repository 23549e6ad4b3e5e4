"""The stored links of posts follow the posts."""

import pytest

from blog.models import LinkedHost, LinkedUrl
from tests.factories import make_blogmark, make_entry, make_quotation, utc
from tests.helpers.tagging import rows_of

pytestmark = pytest.mark.django_db


def hosts(post):
    return sorted(
        LinkedHost.objects.filter(post=post).values_list("host", "is_via", "is_public", "published")
    )


def url_keys(post):
    return sorted(LinkedUrl.objects.filter(post=post).values_list("url_key", flat=True))


def test_every_link_of_a_post_is_stored_once():
    day = utc(2024, 6, 8)
    post = make_blogmark(
        link_url="https://www.example.com/a/?utm_source=x",
        via_url="https://example.org/",
        body="[One](http://example.com/a), [two](https://example.com/b#part), [mail](mailto:a@example.com).",
        published=day,
    )

    assert hosts(post) == [("example.com", False, True, day), ("example.org", True, True, day)]
    assert url_keys(post) == ["example.com/a", "example.com/b", "example.org"]


def test_the_source_of_a_quotation_is_stored():
    assert url_keys(make_quotation(source_url="https://example.com/talk")) == ["example.com/talk"]


def test_changing_a_post_updates_its_links():
    post = make_blogmark(link_url="https://example.com/", via_url="https://example.org/", body="")

    post.link_url, post.via_url = "https://example.net/", "https://example.com/"
    post.save()

    assert [row[:3] for row in hosts(post)] == [("example.com", True, True), ("example.net", False, True)]
    assert url_keys(post) == ["example.com", "example.net"]


def test_links_are_public_with_their_post():
    post = make_blogmark(link_url="https://example.com/", is_draft=True)
    assert hosts(post) == [("example.com", False, False, None)]

    post.is_draft = False
    post.save()

    assert hosts(post) == [("example.com", False, True, post.published)]


def test_the_links_of_a_scheduled_post_appear_with_it(client, time_machine):
    time_machine.move_to(utc(2024, 6, 8), tick=False)
    make_blogmark(link_url="https://example.com/", published=utc(2024, 6, 9))
    assert client.get("/links/example.com/").status_code == 404

    time_machine.move_to(utc(2024, 6, 9, 13))

    assert client.get("/links/example.com/").status_code == 200


def test_saving_an_unchanged_post_writes_no_linked_hosts_or_urls(django_assert_max_num_queries):
    post = make_entry(body="[One](https://example.com/) and [two](https://example.org/).")
    before = rows_of(LinkedHost, LinkedUrl)

    with django_assert_max_num_queries(30) as captured:
        post.save()

    statements = [query["sql"] for query in captured if "blog_linked" in query["sql"]]
    written = [sql for sql in statements if not sql.startswith("SELECT")]
    assert written == []
    assert rows_of(LinkedHost, LinkedUrl) == before
