"""The weblog's own migrations, and one more for the table of the added kind."""

from blog import migrations

__path__ = [*migrations.__path__, *__path__]
