"""Create a placeholder for /about/, which every page links to, until the author writes a better one."""

from django.db import migrations

TEXT = "The author of this weblog can write this page in the admin, under “Pages”."


def add_about_page(apps, schema_editor):
    page = apps.get_model("blog", "Page")
    page.objects.get_or_create(slug="about", defaults={"title": "About", "body": TEXT, "html": f"<p>{TEXT}</p>"})


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_search_index")]

    operations = [migrations.RunPython(add_about_page, migrations.RunPython.noop)]
