"""Standing pages."""

import pytest
from django.core.exceptions import ValidationError

from blog.models import Page
from tests.factories import make_page

pytestmark = pytest.mark.django_db


def test_the_text_is_rendered_when_it_is_saved():
    page = make_page(body="Some *words*.")

    assert "<em>words</em>" in Page.objects.get(pk=page.pk).html


@pytest.mark.parametrize("slug", ["admin", "entries", "tags", "search", "2024", "atom", "series"])
def test_a_slug_of_the_weblogs_own_urls_is_refused(slug):
    page = Page(title="Mine", slug=slug, body="Text.")

    with pytest.raises(ValidationError, match="The weblog itself uses"):
        page.full_clean()


@pytest.mark.parametrize("slug", ["colophon", "now", "über", "20", "2024-review"])
def test_any_other_slug_is_accepted(slug, client):
    page = Page(title="Mine", slug=slug, body="Text.")

    page.full_clean()
    page.save()

    assert client.get(page.get_absolute_url()).status_code == 200
