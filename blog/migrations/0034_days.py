from collections import defaultdict

from django.db import migrations, models
from django.db.models import Count, Max


def fill(apps, schema_editor):
    """What each day has that there is."""
    Day, Post = (apps.get_model("blog", name) for name in ("Day", "Post"))
    counts, updated = defaultdict(dict), defaultdict(list)
    public = Post.objects.filter(is_draft=False, is_counted=True).values_list("day", "kind")
    for day, kind, number, latest in public.annotate(Count("pk"), Max("updated")):
        counts[day][kind] = number
        updated[day].append(latest)
    days = (Day(day=day, counts=counts[day], updated=max(updated[day])) for day in sorted(counts))
    Day.objects.bulk_create(days, batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('blog', '0033_cards'),
    ]

    operations = [
        migrations.CreateModel(
            name='Day',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('counts', models.JSONField(help_text='How many public posts it has, by kind.')),
                ('updated', models.DateTimeField(help_text='The last change of any of them that readers should know of.')),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveIndex(
            model_name='post',
            name='post_day',
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(models.F('day'), models.F('published'), models.F('id'), models.F('kind'), condition=models.Q(('is_draft', False)), name='post_day'),
        ),
    ]
