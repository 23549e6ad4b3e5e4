"""What a connection is told when it is opened."""

from contextlib import closing

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

COST = "SELECT setting FROM pg_settings WHERE name = 'random_page_cost'"


@pytest.mark.parametrize(("options", "cost"), [("", "1.1"), ("-c random_page_cost=2.5", "2.5")])
def test_postgresql_plans_for_fast_disks_unless_somebody_knows_better(options, cost):
    own = connection.copy()
    if connection.vendor == "postgresql":
        own.settings_dict["OPTIONS"] = own.settings_dict["OPTIONS"] | {"options": options}

    with closing(own), own.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(COST)
            assert cursor.fetchone() == (cost,)
        else:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
