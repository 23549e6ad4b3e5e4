"""Querysets that yield their own objects, made from plain rows.

Builds on the undocumented iterable behind Django's `values_list()`. Django is capped in pyproject.toml, and
tests/database/test_contracts.py fails if that interface changes.
"""

from django.db.models.query import ValuesListIterable


class RowIterable(ValuesListIterable):
    """Yields tuples of the selected columns. Subclasses convert them in `__iter__()`."""

    @property
    def names(self):
        """Names of the columns, in the order of the tuples."""
        return tuple(self.queryset.query.values_select)


def rows_as(iterable, queryset, columns):
    """Return a queryset of these columns, iterated by a subclass of `RowIterable`."""
    rows = queryset.values_list(*columns)
    rows._iterable_class = iterable
    return rows
