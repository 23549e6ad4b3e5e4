"""What a connection is told when it is opened."""

from contextlib import closing

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

COST = "SELECT setting FROM pg_settings WHERE name = 'random_page_cost'"


@pytest.mark.parametrize(("options", "cost"), [("", "1.1"), ("-c random_page_cost=2.5", "2.5")])
def test_postgresql_plans_for_fast_disks_unless_somebody_knows_better(options, cost):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no such setting")
    with closing(connection_with(options)) as own, own.cursor() as cursor:
        cursor.execute(COST)
        assert cursor.fetchone() == (cost,)


def test_days_that_are_read_as_text_are_written_alike_whatever_the_server_is_used_to():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite keeps them as such texts")

    with closing(connection_with("-c datestyle=German")) as own, own.cursor() as cursor:
        cursor.execute("SELECT '2024-06-08'::date::text")
        assert cursor.fetchone() == ("2024-06-08",)


def connection_with(options):
    own = connection.copy()
    own.settings_dict["OPTIONS"] = own.settings_dict["OPTIONS"] | {"options": options}
    return own
