"""The undocumented interfaces of Django, django-taggit and psycopg that the weblog builds on.

If one of them changes with an upgrade, a test here says which, and which module to adapt.
"""

import inspect
from contextlib import closing, contextmanager

import pytest
from django.db import connection
from django.db.models.query import ValuesListIterable
from taggit.managers import _TaggableManager

from blog.database import bulk_insert, raw_query
from blog.database.row_iterables import RowIterable, rows_as
from blog.models import Note, Post, Tag, Tagging
from blog.models.post_tags import PostTags
from tests.factories import make_note, make_tag

pytestmark = pytest.mark.django_db


@contextmanager
def contract(message):
    """Fail with this message, whatever is raised inside."""
    try:
        yield
    except Exception as error:
        pytest.fail(f"{message} ({type(error).__name__}: {error})")


@pytest.mark.parametrize("error", [AttributeError("x"), AssertionError("x")])
def test_a_broken_contract_says_what_changed(error):
    sentence = "Django changed something: see module"

    with pytest.raises(pytest.fail.Exception, match=sentence), contract(sentence):
        raise error


# Django, for blog/database/row_iterables.py and blog/models/post_queryset.py


class Reversed(RowIterable):
    def __iter__(self):
        return (row[::-1] for row in super().__iter__())


def test_values_list_iterates_tuples_of_the_selected_columns():
    note = make_note(title="A")

    with contract("Django changed ValuesListIterable: see blog/database/row_iterables.py"):
        [row] = ValuesListIterable(Post.objects.values_list("title", "pk", "kind"))
        assert row == ("A", note.pk, "note")


def test_a_queryset_and_its_clones_iterate_with_their_iterable_class():
    note = make_note(title="A")

    with contract("Django changed QuerySet._iterable_class: see rows_as() in blog/database/row_iterables.py"):
        rows = rows_as(Reversed, Post.objects.all(), ("pk", "title"))
        expected = [("A", note.pk)]
        assert list(rows) == expected
        assert list(rows.filter(pk=note.pk).order_by("pk")[:1]) == expected
        assert rows.get() == expected[0]


def test_a_query_names_its_columns_in_the_order_of_its_rows():
    with contract("Django changed Query.values_select: see blog/database/row_iterables.py"):
        rows = rows_as(Reversed, Post.objects.all(), ("title", "note__post_ptr_id", "pk"))
        assert Reversed(rows).names == ("title", "note__post_ptr_id", "pk")


def test_from_db_takes_values_in_the_order_of_the_fields_and_defers_the_others():
    with contract("Django changed Model.from_db(): see kind_loaders() in blog/models/post_queryset.py"):
        fields = [field.attname for field in Note._meta.concrete_fields if field.attname in {"title", "slug"}]
        note = Note.from_db("default", frozenset(fields), [f"the {name}" for name in fields])
        assert (note.title, note.slug) == ("the title", "the slug")
        assert (note._state.adding, note._state.db) == (False, "default")
        assert note.get_deferred_fields() == {f.attname for f in Note._meta.concrete_fields} - set(fields)


# django-taggit, for blog/models/post_tags.py


def test_a_taggable_manager_knows_its_post_and_its_through_model():
    post = make_note()

    with contract("taggit changed _TaggableManager.instance or .through: see blog/models/post_tags.py"):
        assert isinstance(post.tags, PostTags)
        assert post.tags.instance is post
        assert post.tags.through is Tagging
        assert post.tags.through.tag_model() is Tag


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("add", ["self", "tags", "through_defaults", "tag_kwargs", "kwargs"]),
        ("remove", ["self", "tags"]),
        ("clear", ["self"]),
        ("get_prefetch_querysets", ["self", "instances", "querysets"]),
        ("_to_tag_model_instances", ["self", "tags", "tag_kwargs"]),
    ],
)
def test_a_taggable_manager_has_the_methods_that_post_tags_overrides(method, parameters):
    with contract(f"taggit changed _TaggableManager.{method}(): see blog/models/post_tags.py"):
        function = inspect.unwrap(getattr(_TaggableManager, method))
        assert list(inspect.signature(function).parameters) == parameters


def test_setting_tags_adds_and_removes_through_the_overridden_methods(monkeypatch):
    post = make_note(tags=["ant", "bee"])
    calls = []
    monkeypatch.setattr(PostTags, "add", lambda self, *tags, **kwargs: calls.append(("add", *map(str, tags))))
    monkeypatch.setattr(PostTags, "remove", lambda self, *tags: calls.append(("remove", *map(str, tags))))

    with contract("taggit changed _TaggableManager.set(): see blog/models/post_tags.py"):
        post.tags.set(["bee", "cat"])
        assert sorted(calls) == [("add", "cat"), ("remove", "ant")]


def test_adding_tags_looks_their_names_up_through_the_overridden_method(monkeypatch):
    post, ant = make_note(), make_tag("ant")
    monkeypatch.setattr(PostTags, "_to_tag_model_instances", lambda self, tags, tag_kwargs: [ant])

    with contract("taggit changed _TaggableManager._to_tag_model_instances(): see blog/models/post_tags.py"):
        post.tags.add("anything")
        assert list(post.tags.all()) == [ant]


def test_prefetching_begins_with_the_queryset_of_the_tags():
    post = make_note(tags=["ant"])

    with contract("taggit changed get_prefetch_querysets(): see blog/models/post_tags.py"):
        tags, *rest = _TaggableManager.get_prefetch_querysets(Post.objects.get().tags, [post])
        assert [tag.name for tag in tags.only("name", "slug")] == ["ant"]
        assert len(rest) == 5


# psycopg and Django's connections, for blog/database/raw_query.py and blog/database/bulk_insert.py


@pytest.fixture
def libpq():
    """psycopg's wrapper of a libpq connection."""
    if connection.vendor != "postgresql":
        pytest.skip("for psycopg")
    own = connection.Database.connect(**connection.get_connection_params(), autocommit=True)
    with closing(own):
        yield own.pgconn


def test_libpq_executes_prepared_queries(libpq):
    with contract("psycopg changed pgconn.prepare() or .exec_prepared(): see blog/database/raw_query.py"):
        assert not libpq.prepare(b"name", "SELECT 'ü', NULL, 7".encode()).error_message
        result = libpq.exec_prepared(b"name", [])
        assert not result.error_message
        assert (result.ntuples, result.nfields) == (1, 3)
        assert [result.get_value(0, column) for column in range(3)] == ["ü".encode(), None, b"7"]


def test_libpq_reports_errors_in_its_results(libpq):
    with contract("psycopg changed PGresult.error_message: see blog/database/raw_query.py"):
        assert b"no_such_table" in libpq.prepare(b"name", b"SELECT 1 FROM no_such_table").error_message
        assert b"no_such_name" in libpq.exec_prepared(b"no_such_name", []).error_message


def test_a_raw_query_connects_with_the_parameters_of_djangos_connection():
    with contract("Django changed connection.get_connection_params(): see blog/database/raw_query.py"):
        assert fetch_raw("SELECT 'ü', NULL") == ("ü", None)


def test_a_raw_query_raises_the_drivers_errors():
    raised = pytest.raises(connection.Database.OperationalError, match="no_such_table")

    with contract("A driver changed how it reports errors: see blog/database/raw_query.py"), raised:
        fetch_raw("SELECT 1 FROM no_such_table")


def fetch_raw(query):
    with closing(raw_query.prepare(connection, sqlite=query, postgresql=query, timeout=5)) as prepared:
        return prepared.fetch()


def test_rows_are_inserted_around_the_orm():
    [pk] = bulk_insert.allocate_ids(Tag, 1)
    fields = {"id": pk, "name": "ü\t\\", "slug": "u", "description": "", "description_html": ""}

    with contract("A driver or Django changed copy() or executemany(): see blog/database/bulk_insert.py"):
        bulk_insert.insert_rows(Tag, [fields | {"uses": 2, "counts_by_year": {"2024": 2}}])
        tag = Tag.objects.get(pk=pk)
        assert (tag.name, tag.uses, tag.counts_by_year) == ("ü\t\\", 2, {"2024": 2})
