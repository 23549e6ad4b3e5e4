"""Render all stored texts again: after a change of the markup, or of settings that affect it."""

import sys

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import translation
from django.utils.text import capfirst
from tqdm import tqdm

from blog.models import Post, SiteSettings, SiteState
from blog.models.fields import RenderedField

BATCH = 200


class Command(BaseCommand):
    help = (
        "Renders posts, tag descriptions, series, pages and the footer again, without changing their dates."
    )
    requires_migrations_checks = True

    def handle(self, **options):
        site = SiteSettings.load()
        for model in rendered_models():
            with translation.override(site.language):
                rendered, changed = self.render_all(model, site)
            label = capfirst(model._meta.verbose_name_plural)
            self.stdout.write(f"{label}: {rendered:,} rendered, {changed:,} changed")

    def render_all(self, model, site):
        rendered = changed = 0
        # disable=None: no progress bar without a terminal
        with tqdm(total=model.objects.count(), file=sys.stderr, disable=None, leave=False) as progress:
            for number, different in batches(model, site):
                rendered += number
                changed += different
                progress.update(number)
        return rendered, changed


def rendered_models():
    """Return the models with rendered text. `Post` is left out for its kinds."""
    models = apps.get_app_config("blog").get_models()
    return [model for model in models if model is not Post and has_rendered_text(model)]


def has_rendered_text(model):
    return any(isinstance(field, RenderedField) for field in model._meta.concrete_fields)


def batches(model, site):
    """Render in batches. Yields the number of rows and of changed rows of each."""
    last = 0
    while True:
        with transaction.atomic():
            # Locked, so that a save by the author is not overwritten with older text.
            SiteState.lock()
            rows = list(model.objects.select_for_update().filter(pk__gt=last).order_by("pk")[:BATCH])
            changed = sum(render(row, site) for row in rows)
        if not rows:
            return
        yield len(rows), changed
        last = rows[-1].pk


def render(row, site):
    """Render the row and store the fields that changed, without the change of dates that `save()` makes."""
    before = values(row)
    row.render(site.markup_options)
    changed = {name: value for name, value in values(row).items() if value != before[name]}
    if changed:
        type(row).objects.filter(pk=row.pk).update(**changed)
    if changed and isinstance(row, Post):
        row.index(site.state.search_language)
    return bool(changed)


def values(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
