"""A script that changes a weblog step by step, in a process that shares only the database with the servers.

`python -m tests.helpers.site_changes` takes one step for each line of input. It prints a line of JSON with
the name of the step and a fingerprint of every public page, rendered afresh, and ends after the last step.
"""

import json
import sys
from datetime import timedelta
from hashlib import sha256
from time import sleep

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from blog.models import Post, Series, SiteSettings, Tag, TagMerge  # noqa: E402
from tests.factories import make_page, make_redirect, make_series, make_timeline  # noqa: E402
from tests.helpers.process_caches import clear_process_caches  # noqa: E402
from tests.helpers.public_urls import all_paths  # noqa: E402
from tests.helpers.writing import edit, publish_at, write  # noqa: E402

HOST = "weblog.example"
SOON = timedelta(seconds=8)
#: Steps after which there is only time for a few pages.
FEW_PATHS = {"a post is scheduled": ["/", "/atom/everything/", "/notes/"]}
QUERIES = ("/?page=2", "/search/?q=word", "/search/atom/?q=tag:sea", "/no/such/page/")


def steps(author):
    make_timeline(4, start=timezone.now() - timedelta(days=20), tags=["sea"])
    yield "nothing has changed yet"
    post = write(author, "entry", "word", tags="sea, ship")
    yield "a post is published"
    edit(author, post, body="Another *text*.")
    yield "it is edited"
    edit(author, post, tags="sea, boat")
    yield "it is tagged differently"
    edit(author, post, slug="elsewhere")
    yield "it moves"
    edit(author, post, is_draft="on")
    yield "it is a draft again"
    edit(author, post, is_draft="")
    yield "it is public again"
    Tag.objects.get(name="boat").rename("dinghy")
    yield "a tag is renamed"
    merge = TagMerge.merge([Tag.objects.get(name="dinghy")], Tag.objects.get(name="sea"))
    yield "tags are merged"
    merge.undo()
    yield "the merge is undone"
    Tag.objects.filter(name="sea").update(description="Salt water.")
    yield "a tag is described"
    edit(author, post, series=make_series(slug="boats").pk)
    yield "it joins a series"
    Series.objects.update(title="Ships")
    yield "the series has another title"
    site = SiteSettings.load()
    site.title, site.time_zone = "Harbour", "Asia/Tokyo"
    site.save()
    yield "the site has another title and time zone"
    make_page(slug="plans", title="Plans", body="None.")
    yield "a page is written"
    make_redirect(path="no/such/page/", target="/plans/")
    yield "a redirect is added"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE blog_post SET headline = 'By hand' WHERE kind = 'note'")
    yield "rows are changed at a database prompt"
    soon = timezone.localtime(timezone.now() + SOON, SiteSettings.load().tz)
    write(author, "note", "later", **publish_at(soon))
    yield "a post is scheduled"
    sleep(SOON.seconds)
    yield "the scheduled post is due"
    Post.objects.get(pk=post.pk).delete()
    yield "a post is deleted"


def paths():
    return [path for path in all_paths() if not path.startswith("/random/")] + list(QUERIES)


def crawl(paths):
    """Render these pages for an anonymous visitor, without any cache. Returns {path: fingerprint}."""
    visitor, pages = Client(SERVER_NAME=HOST), {}
    for path in paths:
        clear_process_caches()
        pages[path] = response_fingerprint(visitor.get(path))
    return pages


def response_fingerprint(response):
    return fingerprint(response.status_code, response.get("Location", ""), response.content)


def fingerprint(status, location, body):
    return f"{status} {location} {sha256(body).hexdigest()}"


def main():
    setup_test_environment()
    author = Client(SERVER_NAME=HOST)
    author.force_login(get_user_model().objects.create_superuser("author"))
    todo = steps(author)
    for _ in sys.stdin:
        step = next(todo, None)
        if step is None:
            return
        print(json.dumps({"step": step, "pages": crawl(FEW_PATHS.get(step) or paths())}), flush=True)


if __name__ == "__main__":
    main()
