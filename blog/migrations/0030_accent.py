from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0021_editions")]

    operations = [
        migrations.AddField(
            model_name="sitesettings",
            name="accent",
            field=models.CharField(
                choices=[
                    ("rust", "rust"),
                    ("amber", "amber"),
                    ("olive", "olive"),
                    ("green", "green"),
                    ("teal", "teal"),
                    ("blue", "blue"),
                    ("indigo", "indigo"),
                    ("plum", "plum"),
                    ("rose", "rose"),
                    ("ink", "ink (no colour)"),
                ],
                default="rust",
                help_text="The colour of days, permalinks and charts, light or dark as the page is.",
                max_length=10,
            ),
        ),
    ]
