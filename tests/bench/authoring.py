"""What an author asks of the admin, and what a browser sends: acts to be measured.

Each opens what it needs to, which is not measured, and answers with the act: a function that asks and
answers with the status.
"""

from itertools import count

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from tests.helpers.browsing import fill_in, visit


def every():
    """By name, as an author who has logged in."""
    from blog.models import Post

    author = Client(SERVER_NAME="127.0.0.1")
    author.force_login(get_user_model().objects.create_superuser("bench"))
    post = Post.objects.published().filter(kind="entry").newest_first()[0]
    all_posts, links = (reverse(f"admin:blog_{name}_changelist") for name in ("post", "blogmark"))
    form = reverse("admin:blog_entry_change", args=[post.pk])
    return {
        "admin: all posts": asking(author, all_posts),
        "admin: links": asking(author, links),
        "admin: a search": asking(author, f"{all_posts}?q={post.headline.split()[0]}"),
        "admin: the form of a post": asking(author, form),
        "admin: a post is saved": saving(author, form, "entry", "It rained, {}."),
        "admin: a post is published": saving(author, reverse("admin:blog_note_add"), "note", "It rains, {}."),
    }


def asking(author, path):
    return lambda: lambda: author.get(path).status_code


def saving(author, path, kind, text):
    """Each time with another text: what has not changed would not be written."""
    numbers = count()

    def open_form():
        [form] = visit(author, path).select(f"#{kind}_form")
        data = fill_in(form, body=text.format(next(numbers)), tags="rain, wind")
        return lambda: send(author, path, data)

    return open_form


def send(author, path, data):
    status = author.post(path, data).status_code
    return 200 if status == 302 else f"{status}, not saved"
