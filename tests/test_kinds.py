"""A kind of post needs a model, a template, an admin class, a factory and a migration, and nothing else.

`tests.run` runs these tests, and others that hold for every kind, with tests/extra_kind installed too.
"""

import pytest
from django.contrib import admin
from django.template.loader import get_template
from django.urls import reverse

from blog.models import Post
from tests.factories import FACTORIES

KINDS = pytest.mark.parametrize("kind", Post.kinds().values(), ids=Post.kinds())


@KINDS
def test_a_kind_has_everything_it_needs(kind):
    name = kind._meta.model_name

    assert get_template(f"blog/posts/{name}.html")
    assert kind in admin.site._registry
    assert name in FACTORIES
    assert kind.count_label % {"number": 1, "shown": "1"} == f"1 {kind.label}"
    assert kind.count_label % {"number": 2, "shown": "2"} == f"2 {kind.label_plural}"
    assert reverse(kind.listing) == f"/{kind.listing}/"
    assert reverse(f"feed-{kind.feed}") == f"/atom/{kind.feed}/"
    assert reverse(f"short-{name}", args=[1]) == f"/{kind.short}/1"


@KINDS
@pytest.mark.parametrize("attribute", ["listing", "feed", "short", "label", "label_plural"])
def test_kinds_have_distinct_names(kind, attribute):
    names = [getattr(other, attribute) for other in Post.kinds().values()]

    assert names.count(getattr(kind, attribute)) == 1
