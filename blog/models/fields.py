"""Model fields."""

from django.db import models
from django.utils.safestring import mark_safe


class RenderedField(models.TextField):
    """HTML that `markup` has cleaned. It comes out of the database safe to put into a page.

    Nothing else may be written to such a column.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"editable": False, "default": "", **kwargs})

    def from_db_value(self, value, expression, connection):
        return mark_safe(value)
