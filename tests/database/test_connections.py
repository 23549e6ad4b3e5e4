"""Session settings of database connections."""

from contextlib import closing

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

COST = "SELECT setting FROM pg_settings WHERE name = 'random_page_cost'"


@pytest.mark.parametrize(("options", "cost"), [("", "1.1"), ("-c random_page_cost=2.5", "2.5")])
def test_postgresql_plans_for_solid_state_disks_unless_configured(options, cost):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no such setting")
    with closing(connection_with(options)) as own, own.cursor() as cursor:
        cursor.execute(COST)
        assert cursor.fetchone() == (cost,)


def test_dates_are_written_in_iso_format_whatever_the_server_default():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite stores them in this format")

    with closing(connection_with("-c datestyle=German")) as own, own.cursor() as cursor:
        cursor.execute("SELECT '2024-06-08'::date::text")
        assert cursor.fetchone() == ("2024-06-08",)


def connection_with(options):
    own = connection.copy()
    own.settings_dict["OPTIONS"] = own.settings_dict["OPTIONS"] | {"options": options}
    return own
