"""Querysets that make their own objects from plain rows.

Builds on how Django's `values_list()` iterates, which is undocumented; Django is capped in pyproject.toml,
and tests/database/test_contracts.py says if it changed.
"""

from django.db.models.query import ValuesListIterable


class RowIterable(ValuesListIterable):
    """Yields tuples of the selected columns. Subclasses make something of them in `__iter__()`."""

    @property
    def names(self):
        """The names of the columns, in the order of the tuples."""
        return tuple(self.queryset.query.values_select)


def rows_as(iterable, queryset, columns):
    """Return a queryset of these columns that yields what the `RowIterable` subclass makes of them."""
    rows = queryset.values_list(*columns)
    rows._iterable_class = iterable
    return rows
