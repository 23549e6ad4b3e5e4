"""Snapshots of a whole database, to compare. As a program, prints that of DATABASE_URL."""

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
    """Return every row of every table, {model: [row]}."""
    return {model.__name__: list(map(str, model.objects.order_by("pk").values_list())) for model in models()}


def everything_but_keys():
    """Return `everything()` without values that differ between runs: primary keys and `modified`.

    References to other rows are replaced by the rows' names.
    """
    objects = {(model.__name__, row.pk): name(row) for model in named() for row in model.objects.all()}
    return {
        model.__name__: sorted(described(row, objects) for row in model.objects.all())
        for model in models()
        if model.__name__
        not in {"SiteSettings", "SiteState", "Change"}  # each site has its own id and history
    }


def named():
    """Return the models that other models refer to."""
    return [model for model in models() if model.__name__ in {"Post", "Word", *MODELS.values()}]


def name(row):
    """Return a post's feed id, or the text of any other row."""
    return str(getattr(row, "uuid", row))


def described(row, objects):
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
