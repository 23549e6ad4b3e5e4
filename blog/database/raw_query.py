"""One prepared query on a connection of its own, without the cost of a Django cursor.

The response cache runs its query for every page it serves, where Django's cursor would take longer than
everything else together. On PostgreSQL it calls libpq through psycopg, in half the time of psycopg's cursor.
That interface is undocumented: `psycopg` is capped in pyproject.toml, and
tests/database/test_contracts.py fails if it changes.
"""


def prepare(connection, *, sqlite, postgresql, timeout):
    """Open a connection with the parameters of Django's `connection`, in autocommit mode.

    It waits at most `timeout` seconds. Raises the driver's errors, as the returned query's `fetch()` does.
    """
    kind, query = (SQLiteQuery, sqlite) if connection.vendor == "sqlite" else (PostgreSQLQuery, postgresql)
    return kind(connection.Database, connection.get_connection_params(), query, timeout)


class SQLiteQuery:
    def __init__(self, driver, parameters, query, timeout):
        self.query = query
        self.connection = driver.connect(**parameters | {"timeout": timeout, "isolation_level": None})

    def fetch(self):
        """Return the first row, with values converted by the driver, or None."""
        return self.connection.execute(self.query).fetchone()

    def select(self, sql, *parameters):
        """Return all rows of another query, whose placeholders are question marks."""
        return self.connection.execute(sql, parameters).fetchall()

    def close(self):
        self.connection.close()


class PostgreSQLQuery:
    NAME = b"weblog"

    def __init__(self, driver, parameters, query, timeout):
        options = f"{parameters.get('options', '')} -c statement_timeout={1000 * timeout}".strip()
        parameters |= {
            "options": options,
            "connect_timeout": timeout + 1,  # libpq treats 1 as 2
            "tcp_user_timeout": 1000 * timeout,
            "autocommit": True,
            "cursor_factory": driver.Cursor,
        }
        self.error = driver.OperationalError
        self.connection = driver.connect(**parameters)
        self.libpq = self.connection.pgconn
        try:
            self._check(self.libpq.prepare(self.NAME, query.encode()))
        except self.error:
            self.close()
            raise

    def fetch(self):
        """Return the first row as strings and Nones, or None."""
        result = self._check(self.libpq.exec_prepared(self.NAME, []))
        if not result.ntuples:
            return None
        values = (result.get_value(0, column) for column in range(result.nfields))
        return tuple(value and value.decode() for value in values)

    def select(self, sql, *parameters):
        """Return all rows of another query, whose placeholders are question marks."""
        return self.connection.execute(sql.replace("?", "%s"), parameters).fetchall()

    def close(self):
        self.connection.close()

    def _check(self, result):
        if message := result.error_message:
            raise self.error(message.decode(errors="replace"))
        return result
