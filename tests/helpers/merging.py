"""Tag merges in a separate process that a test can kill: `python -m tests.helpers.merging COMMAND`.

prepare NUMBER     creates posts tagged “cats”, a third of them also “cat”
merge [STATEMENT]  merges “cats” into “cat”, and halts before a statement that contains these words
undo [STATEMENT]   undoes that merge, in the same way
"""

import sys
import time
from contextlib import nullcontext
from datetime import timedelta

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from blog.models import Post, PreviousTagName, SearchDocument, Tag, Tagging, TagMerge  # noqa: E402

HALTED = "halted"


def prepare(number):
    """Write rows of notes without text, not through `save()`, for speed."""
    start = timezone.now() - timedelta(days=3000)
    Post.objects.bulk_create(
        Post(
            kind="note",
            number=n,
            slug=f"note-{n}",
            headline=f"Note {n}",
            published=start + timedelta(days=n // 2),
            day=(start + timedelta(days=n // 2)).date(),
            is_draft=n % 7 == 0,
            is_counted=n % 7 != 0,
        )
        for n in range(1, int(number) + 1)
    )
    posts = list(Post.objects.order_by("pk"))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO blog_note (post_ptr_id) SELECT id FROM blog_post")
    SearchDocument.objects.bulk_create(
        SearchDocument(post=post, title=f"note {post.number}", body="word " * 300, text="Word.")
        for post in posts
    )
    cats, cat = Tag.objects.create(name="cats"), Tag.objects.create(name="cat")
    Tagging.objects.attach([post.pk for post in posts], [cats.pk])
    Tagging.objects.attach([post.pk for post in posts[::3]], [cat.pk])
    PreviousTagName.objects.create(name="kitties", tag=cats)


def merge():
    TagMerge.merge([Tag.objects.get(name="cats")], Tag.objects.get(name="cat"))


def undo():
    TagMerge.objects.get().undo()


def halt_before(words):
    def wrapper(execute, sql, params, many, context):
        if words in sql:
            print(HALTED, flush=True)
            time.sleep(600)
        return execute(sql, params, many, context)

    return wrapper


def main(command, *arguments):
    if command == "prepare":
        return prepare(*arguments)
    with connection.execute_wrapper(halt_before(*arguments)) if arguments else nullcontext():
        return {"merge": merge, "undo": undo}[command]()


if __name__ == "__main__":
    main(*sys.argv[1:])
