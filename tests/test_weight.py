"""The size of pages, and the hosts they load from."""

import pytest
from django.contrib.staticfiles import finders

from tests.factories import make_timeline
from tests.helpers.weight import LIMITS, weigh

pytestmark = pytest.mark.django_db

HOME = "http://testserver/"
PARAGRAPHS = "\n\n".join(
    f"{n} words of a paragraph about [a page](https://example.com/{n}) that says something of its own, "
    f"and {n * 13} more of what a weblog says of it, with *some* of them stressed and `code({n})`."
    for n in range(6)
)


def read(client):
    def read(url):
        path = url.removeprefix(HOME)
        if path.startswith("static/"):
            with open(finders.find(path.removeprefix("static/")), "rb") as file:
                return file.read()
        return client.get(f"/{path}").content

    return read


def test_a_home_page_of_thirty_posts_stays_within_its_limits(client):
    make_timeline(40, body=PARAGRAPHS)

    sizes, third_party = weigh(read(client), HOME)

    assert {part: size for part, size in sizes.items() if size > LIMITS[part]} == {}
    assert min(sizes.values()) > 1000
    assert third_party == []
