"""The surrogate keys that changes affect."""

import pytest

from blog.caching.affected_pages import affected_keys
from blog.models import PendingChange
from tests.factories import make_note, utc

pytestmark = pytest.mark.django_db


def test_the_first_post_of_a_month_purges_the_two_archived_months_before(no_pending_purges, time_machine):
    """The last month is over now, so the one before it links to it."""
    time_machine.move_to(utc(2024, 5, 31))
    for month in (1, 2, 5):
        make_note(published=utc(2024, month, 8))
    PendingChange.objects.all().delete()

    time_machine.move_to(utc(2024, 6, 8, 12))
    make_note(published=utc(2024, 6, 8))
    keys = affected_keys(PendingChange.objects.values_list("key", flat=True))

    assert {key for key in keys if key.startswith("feed-")} == {
        "feed-2024-06",
        "feed-2024-05",
        "feed-2024-02",
    }
