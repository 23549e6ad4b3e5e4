"""URLs in the numeric format of older weblogs."""

import pytest

from tests.factories import make_entry, utc
from tests.helpers.browsing import visit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/archive/2003/11/03/", "/2003/Nov/3/"),
        ("/archive/2003/11/3/", "/2003/Nov/3/"),
        ("/archive/2003/11/03/rain/", "/2003/Nov/3/rain/"),
    ],
)
def test_a_numeric_date_redirects_to_the_day_or_the_post(client, path, target):
    make_entry(slug="rain", published=utc(2003, 11, 3))

    response = client.get(path)

    assert response.status_code == 301
    assert response["Location"] == target


@pytest.mark.parametrize(
    "path",
    [
        "/archive/2003/00/03/",
        "/archive/2003/13/03/",
        "/archive/2003/2/30/",
        "/archive/0/1/1/",
        "/archive/10000/1/1/",
        "/archive/99999999999999999999/1/1/",
        f"/archive/{'9' * 5000}/1/1/",
        "/archive/2003/11/04/",
        "/archive/2003/11/03/other/",
        "/archive/",
    ],
)
def test_an_invalid_date_or_one_without_posts_is_not_found(client, path):
    make_entry(slug="rain", published=utc(2003, 11, 3))

    visit(client, path, status=404)
