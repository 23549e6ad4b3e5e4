"""The index of search can be taken away and made again, as `migrate` does."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from tests.factories import make_note
from tests.helpers.tagging import found_by

migration = import_module("blog.migrations.0035_search_months")


class Editor:
    """What the migration needs of a schema editor; Django's has to begin outside a transaction on SQLite."""

    connection = connection

    def execute(self, statement, params):
        with connection.cursor() as cursor:
            cursor.execute(statement, params)


@pytest.mark.django_db
def test_it_is_dropped_and_made_again():
    migration.former.drop_index(apps, Editor())
    migration.make_index(apps, Editor())

    note = make_note(body="Walrus.")

    assert found_by("walrus") == {note.pk}
