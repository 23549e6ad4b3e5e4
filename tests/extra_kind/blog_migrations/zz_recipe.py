"""The migration that `makemigrations` would write for the extra kind, after the last of the weblog."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from blog import migrations as own

LAST = max(path.stem for path in Path(own.__file__).parent.glob("[0-9]*.py"))


class Migration(migrations.Migration):
    dependencies = [("blog", LAST)]

    operations = [
        migrations.CreateModel(
            name="Recipe",
            fields=[
                (
                    "post_ptr",
                    models.OneToOneField(
                        "blog.Post",
                        django.db.models.deletion.CASCADE,
                        auto_created=True,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("ingredients", models.CharField(max_length=200)),
            ],
            bases=("blog.post",),
        ),
    ]
