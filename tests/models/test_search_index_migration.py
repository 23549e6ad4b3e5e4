"""The migration of the search index can be reversed and applied again."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from tests.factories import make_note
from tests.helpers.tagging import found_by

migration = import_module("blog.migrations.0002_search_index")


class SchemaEditor:
    """The part of a schema editor that the migration uses. Django's own refuses to start inside a transaction
    on SQLite.
    """

    connection = connection

    def execute(self, statement, params=None):
        with connection.cursor() as cursor:
            cursor.execute(statement, params)


@pytest.mark.django_db
def test_a_search_works_after_the_index_was_dropped_and_created_again():
    migration.drop_index(apps, SchemaEditor())
    migration.create_index(apps, SchemaEditor())

    note = make_note(body="Walrus.")

    assert found_by("walrus") == {note.pk}
