"""Writes posts through the admin, as an author does in a browser."""

from datetime import datetime

from django.urls import reverse

from blog.models import Post
from tests.helpers.browsing import fill_in, parse, texts, visit


def write(client, kind, word="word", **typed):
    """Adds a post of that kind, with the word in every field that takes one unless it is typed otherwise.

    Gives the post.
    """
    path = reverse(f"admin:blog_{kind}_add")
    [form] = visit(client, path).select(f"#{kind}_form")
    known = set(Post.objects.values_list("pk", flat=True))

    accepted(client.post(path, fill_in(form, **wordy(form, word) | typed)))

    return Post.objects.exclude(pk__in=known).get().as_kind()


def edit(client, post, **typed):
    """Changes these fields of the post's form and saves it. Gives the post as it is now."""
    path = reverse(f"admin:blog_{post.kind}_change", args=[post.pk])
    [form] = visit(client, path).select(f"#{post.kind}_form")

    accepted(client.post(path, fill_in(form, **typed)))

    return Post.objects.get(pk=post.pk).as_kind()


def at(moment: datetime):
    """What an author types to have a post published at that moment, in the site's own time."""
    return {"published_0": f"{moment:%Y-%m-%d}", "published_1": f"{moment:%H:%M:%S}"}


def wordy(form, word):
    """The word for every field that takes text, but not for address, language and time of the post."""
    controls = form.select("textarea, input[type=text], input[type=url]")
    names = {control["name"]: control for control in controls}
    for left_empty in ("slug", "language", "published_0", "published_1"):
        names.pop(left_empty)
    return {
        name: f"https://example.com/{word}" if control.get("type") == "url" else word
        for name, control in names.items()
    }


def accepted(response):
    assert response.status_code == 302, texts(parse(response), ".errornote, .errorlist li")
