"""The weblog's migrations, and one for the table of the extra kind."""

from blog import migrations

__path__ = [*migrations.__path__, *__path__]
