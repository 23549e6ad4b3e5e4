"""Session settings for new database connections."""


def configure_session(connection, **kwargs):
    """Make PostgreSQL write dates as 2024-06-08, and plan for solid-state disks.

    The default of `random_page_cost` is for spinning disks (manual, section 19.7.2): with it, PostgreSQL
    scans the whole table of tags for the seventy of a page, which takes 2 ms instead of 0.5. A value that
    somebody has set is respected.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('datestyle', 'ISO', false) UNION ALL "
                "SELECT set_config(name, '1.1', false) FROM pg_settings "
                "WHERE name = 'random_page_cost' AND source = 'default'"
            )
