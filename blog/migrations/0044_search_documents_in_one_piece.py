"""What PostgreSQL finds and ranks stays in the row, instead of in a table beside it, for all but the longest posts.

Its manual says more under “TOAST”. Rows that are there already move when they are next written.
"""

from django.db import migrations


def set_target(size):
    def operate(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE blog_searchdocument {size}")

    return operate


class Migration(migrations.Migration):
    dependencies = [("blog", "0043_index_of_found_posts")]

    operations = [
        migrations.RunPython(
            set_target("SET (toast_tuple_target = 8160)"), set_target("RESET (toast_tuple_target)")
        )
    ]
