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
    own = connection.copy()
    own.settings_dict["OPTIONS"] = own.settings_dict["OPTIONS"] | {"options": options}

    with closing(own), own.cursor() as cursor:
        cursor.execute(COST)
        assert cursor.fetchone() == (cost,)
