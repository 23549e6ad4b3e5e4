"""Requests of an author to the admin, for measuring.

Each is a function that prepares the request, which is not measured, and returns the function to measure. That
one sends the request and returns the status.
"""

from itertools import count

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from tests.helpers.browsing import fill_in, visit


def admin_requests():
    """Return {name: preparing function} for a logged-in author."""
    from blog.models import Post

    author = Client(SERVER_NAME="127.0.0.1")
    author.force_login(get_user_model().objects.create_superuser("bench"))
    post = Post.objects.published().filter(kind="entry").newest_first()[0]
    all_posts, links = (reverse(f"admin:blog_{name}_changelist") for name in ("post", "blogmark"))
    form = reverse("admin:blog_entry_change", args=[post.pk])
    return {
        "admin: all posts": getting(author, all_posts),
        "admin: links": getting(author, links),
        "admin: a search": getting(author, f"{all_posts}?q={post.headline.split()[0]}"),
        "admin: the form of a post": getting(author, form),
        "admin: a post is saved": saving(author, form, "entry", "It rained, {}."),
        "admin: a post is published": saving(author, reverse("admin:blog_note_add"), "note", "It rains, {}."),
    }


def getting(author, path):
    return lambda: lambda: author.get(path).status_code


def saving(author, path, kind, text):
    """Save another text each time, since an unchanged one isn't written."""
    numbers = count()

    def open_form():
        [form] = visit(author, path).select(f"#{kind}_form")
        data = fill_in(form, body=text.format(next(numbers)), tags="rain, wind")
        return lambda: submit(author, path, data)

    return open_form


def submit(author, path, data):
    status = author.post(path, data).status_code
    return 200 if status == 302 else f"{status}, not saved"
