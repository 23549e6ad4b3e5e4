"""The state of a whole weblog, to compare. As a program: prints that of the database in DATABASE_URL."""

import json

import django
from django.apps import apps

MODELS = {
    "blog_tag": "Tag",
    "blog_series": "Series",
    "blog_previoustagname": "PreviousTagName",
    "redirects_redirect": "Redirect",
}


def models():
    return apps.get_app_config("blog").get_models()


def everything():
    """Every row of every table as it is stored: {model: [row]}."""
    return {model.__name__: list(map(str, model.objects.order_by("pk").values_list())) for model in models()}


def everything_but_keys():
    """As `everything()`, without what is never the same twice: keys that the database gives, and `modified`.

    What refers to another row says which by what that is called.
    """
    objects = {(model.__name__, row.pk): name(row) for model in named() for row in model.objects.all()}
    return {
        model.__name__: sorted(said(row, objects) for row in model.objects.all())
        for model in models()
        if model.__name__ not in {"SiteSettings", "SiteState"}  # each site has its own id and version
    }


def named():
    """The models that rows of others refer to."""
    return [model for model in models() if model.__name__ in {"Post", "Word", *MODELS.values()}]


def name(row):
    """A post by its id in feeds, anything else by what it calls itself."""
    return str(getattr(row, "uuid", row))


def said(row, objects):
    values = {}
    for field in row._meta.concrete_fields:
        value = field.value_from_object(row)
        if field.is_relation:
            values[field.name] = value and objects[field.related_model.__name__, value]
        elif field.name not in {"id", "modified", "object_id"}:
            values[field.name] = value
    if getattr(row, "object_id", None):
        values["object"] = objects[MODELS[row.table], row.object_id]
    return json.dumps(values, sort_keys=True, default=str)


if __name__ == "__main__":
    django.setup()
    print(json.dumps(everything_but_keys()))
