"""That a column has one of many values."""

import json

from django.core.exceptions import EmptyResultSet
from django.db import models


def array_literal(values):
    """Numbers or days as PostgreSQL reads an array of them (its manual, 8.15.2).

    psycopg writes the same, and takes ten times as long.
    """
    return f"{{{','.join(map(str, values))}}}"


class InArray(models.Func):
    """That a field has one of these values, ids or days, as a condition: they are one parameter, be they
    dozens or thousands.

    Django's `__in` has a parameter for each, which takes half as long again for the thirty of a page.
    """

    output_field = models.BooleanField()

    def __init__(self, field, values):
        super().__init__(models.F(field))
        self.values = list(values)

    def as_sqlite(self, compiler, connection):
        values = json.dumps(self.values, default=str)
        return self._compiled(compiler, "IN (SELECT value FROM json_each(%s))", values)

    def as_postgresql(self, compiler, connection):
        [column] = self.source_expressions
        type_name = column.output_field.cast_db_type(connection)
        return self._compiled(compiler, f"= ANY(%s::{type_name}[])", array_literal(self.values))

    def _compiled(self, compiler, condition, values):
        if not self.values:
            raise EmptyResultSet
        [column] = self.source_expressions
        name, parameters = compiler.compile(column)
        return f"{name} {condition}", [*parameters, values]


class WithoutIndex(models.Func):
    """A column that no index is entered at. Of two bounds SQLite takes one: it should not be this one.

    That the time has come leaves out next to nothing; the bound of a place or a month leaves out nearly all.
    """

    template = "+%(expressions)s"
    arity = 1

    def as_postgresql(self, compiler, connection):
        """PostgreSQL takes both."""
        return compiler.compile(self.source_expressions[0])
