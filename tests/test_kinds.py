"""A kind of post needs a model, a template, an admin class, a factory and a migration, and nothing else."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib import admin
from django.template.loader import get_template
from django.urls import reverse

from blog.models import Post
from tests.factories import FACTORIES

ROOT = Path(__file__).parent.parent
KINDS = pytest.mark.parametrize("kind", Post.kinds().values(), ids=Post.kinds())

#: Tests that pass whatever kinds exist.
TESTS_OF_EVERY_KIND = [
    "tests/models",
    "tests/views",
    "tests/admin/writing/test_post_form.py",
    "tests/admin/writing/test_capture.py",
    "tests/admin/test_change_lists.py",
    "tests/test_everything_public.py",
    "tests/feeds/test_atom.py",
    "tests/test_microformats.py",
    "tests/test_kinds.py",
]


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


@pytest.mark.skipif(bool(os.environ.get("TEST_DATABASE_URL")), reason="runs on SQLite only")
def test_a_kind_can_be_added_from_outside():
    options = ["-q", "-n0", "-p", "no:cacheprovider", "--ds", "tests.extra_kind.settings"]
    command = [
        sys.executable,
        "-m",
        "pytest",
        *options,
        "-k",
        "recipe or finds_nothing",
        *TESTS_OF_EVERY_KIND,
    ]
    environment = os.environ | {"TEST_DATABASE_URL": ""}

    process = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert process.returncode == 0, process.stdout[-5000:]
    assert int(re.search(r"(\d+) passed", process.stdout)[1]) > 50
