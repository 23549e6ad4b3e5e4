"""What is said to the database once, when a connection to it is opened."""


def set_up(connection, **kwargs):
    """Lets PostgreSQL write days as 2024-06-08, and plan for memory and solid-state disks unless somebody has
    set the cost of a read.

    For the disks that turn, which it expects by itself, reading all tags once would be as good as looking up
    the seventy of a page: that takes 2 ms instead of 0.5 (its manual, 19.7.2, on `random_page_cost`).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('datestyle', 'ISO', false) UNION ALL "
                "SELECT set_config(name, '1.1', false) FROM pg_settings "
                "WHERE name = 'random_page_cost' AND source = 'default'"
            )
