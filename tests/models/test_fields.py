"""Model fields."""

import pytest
from django.template import Context, Template
from django.utils.html import format_html

from blog.models import Page
from tests.factories import make_page

pytestmark = pytest.mark.django_db


def test_templates_do_not_escape_rendered_html():
    page = Page.objects.get(pk=make_page(body="Some *words*.").pk)

    assert Template("{{ page.html }}").render(Context({"page": page})) == page.html
    assert format_html("{}", page.html) == page.html
    assert "<em>words</em>" in page.html


def test_text_put_together_with_rendered_html_is_escaped_again():
    page = Page.objects.get(pk=make_page(body="Some *words*.").pk)

    assert format_html("{}", page.html + "<script>") == (page.html + "<script>").replace("<", "&lt;").replace(
        ">", "&gt;"
    )


def test_rendered_html_can_be_saved_again():
    page = Page.objects.get(pk=make_page(body="Some *words*.").pk)

    Page.objects.filter(pk=page.pk).update(html=page.html)

    assert Page.objects.get(pk=page.pk).html == page.html
