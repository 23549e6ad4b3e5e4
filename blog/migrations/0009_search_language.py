import blog.models.site_settings
from django.db import migrations, models
from django.db.models import F


def repeat_language(apps, schema_editor):
    """Up to here the index was written in the site's language."""
    apps.get_model("blog", "SiteSettings").objects.update(search_language=F("language"))


class Migration(migrations.Migration):
    dependencies = [("blog", '0008_images')]

    operations = [
        migrations.AddField(
            model_name="sitesettings",
            name="search_language",
            field=models.CharField(
                default="en",
                editable=False,
                help_text="The one that the index was written in.",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="sitesettings",
            name="language",
            field=models.CharField(
                default="en",
                help_text="Its code, such as en or de. Search goes on comparing words as in the former "
                "language until the command rebuild_search is run.",
                max_length=20,
                validators=[blog.models.site_settings.validate_language],
            ),
        ),
        migrations.RunPython(repeat_language, migrations.RunPython.noop),
    ]
