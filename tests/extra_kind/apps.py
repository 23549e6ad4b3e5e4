"""The app of the extra kind. Adds its factory to those of the other kinds."""

from django.apps import AppConfig


class ExtraKindConfig(AppConfig):
    name = "tests.extra_kind"

    def ready(self):
        from tests import factories
        from tests.extra_kind.models import Recipe

        def make_recipe(**fields):
            defaults = {"title": "Soup", "ingredients": "Water, salt", "body": "Boil."}
            return factories.make_post(Recipe, **{**defaults, **fields})

        factories.FACTORIES["recipe"] = make_recipe
