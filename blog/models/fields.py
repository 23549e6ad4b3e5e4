"""Model fields."""

from django.db import models

from blog import markup


class RenderedField(models.TextField):
    """HTML made by `blog.markup`. Templates don't escape it once it was read from the database.

    Never store any other text in such a column.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"editable": False, "default": "", **kwargs})

    def from_db_value(self, value, expression, connection):
        return markup.trusted(value)
