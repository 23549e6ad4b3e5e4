"""Series."""

import pytest
from django.db.models import ProtectedError

from blog.models import Series
from tests.factories import make_note, make_series

pytestmark = pytest.mark.django_db


def test_a_series_that_has_posts_cannot_be_deleted():
    series = make_series()
    make_note(series=series, is_draft=True)

    with pytest.raises(ProtectedError):
        series.delete()


def test_the_summary_is_rendered_when_it_is_saved():
    series = make_series(summary="In *parts*.")

    assert "<em>parts</em>" in Series.objects.get(pk=series.pk).summary_html
