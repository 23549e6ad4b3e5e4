"""Add and edit posts through the admin, as an author does in a browser."""

from datetime import datetime

from django.urls import reverse

from blog.models import Post
from tests.helpers.browsing import fill_in, parse, texts, visit


def write(client, kind, word="word", **typed):
    """Add a post of the kind and return it. Text fields that are not in `typed` get the word."""
    path = reverse(f"admin:blog_{kind}_add")
    [form] = visit(client, path).select(f"#{kind}_form")
    existing = set(Post.objects.values_list("pk", flat=True))

    assert_saved(client.post(path, fill_in(form, **sample_values(form, word) | typed)))

    return Post.objects.exclude(pk__in=existing).get().as_kind()


def edit(client, post, **typed):
    """Change these fields in the post's form, save it, and return the post reloaded."""
    path = reverse(f"admin:blog_{post.kind}_change", args=[post.pk])
    [form] = visit(client, path).select(f"#{post.kind}_form")

    assert_saved(client.post(path, fill_in(form, **typed)))

    return Post.objects.get(pk=post.pk).as_kind()


def publish_at(moment: datetime):
    """The form fields that set the publication time, given in the site's time zone."""
    return {"published_0": f"{moment:%Y-%m-%d}", "published_1": f"{moment:%H:%M:%S}"}


def sample_values(form, word):
    """The word for every text field, as a URL where one is needed. Slug, language and time stay empty."""
    controls = form.select("textarea, input[type=text], input[type=url]")
    names = {control["name"]: control for control in controls}
    for field in ("slug", "language", "published_0", "published_1"):
        names.pop(field)
    return {
        name: f"https://example.com/{word}" if control.get("type") == "url" else word
        for name, control in names.items()
    }


def assert_saved(response):
    assert response.status_code == 302, texts(parse(response), ".errornote, .errorlist li")
