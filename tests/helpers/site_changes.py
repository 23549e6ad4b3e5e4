"""Changes a weblog in a process of its own, which only shares the database with those that serve it.

`python -m tests.helpers.site_changes` takes the next step for each line that it reads. It answers with a
line of JSON: what the step was, and a digest of every public address, rendered afresh. After the last step it
ends.
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
#: The step after which there is no time to look at more than these.
BRIEF = {"a post waits": ["/", "/atom/everything/", "/notes/"]}
QUERIES = ("/?page=2", "/search/?q=word", "/search/atom/?q=tag:sea", "/no/such/page/")


def steps(author):
    make_timeline(4, start=timezone.now() - timedelta(days=20), tags=["sea"])
    yield "a first look"
    post = write(author, "entry", "word", tags="sea, ship")
    yield "a post is published"
    edit(author, post, body="Another *text*.")
    yield "it is edited"
    edit(author, post, tags="sea, boat")
    yield "it is tagged otherwise"
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
    yield "an address leads somewhere"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE blog_post SET headline = 'By hand' WHERE kind = 'note'")
    yield "somebody changes rows at the database's own prompt"
    soon = timezone.localtime(timezone.now() + SOON, SiteSettings.load().tz)
    write(author, "note", "later", **publish_at(soon))
    yield "a post waits"
    sleep(SOON.seconds)
    yield "its time has come"
    Post.objects.get(pk=post.pk).delete()
    yield "a post is deleted"


def addresses():
    return [path for path in all_paths() if not path.startswith("/random/")] + list(QUERIES)


def look(paths):
    """What a stranger is shown by Django, which keeps no page, in a process that remembers nothing."""
    stranger, looks = Client(SERVER_NAME=HOST), {}
    for path in paths:
        clear_process_caches()
        looks[path] = digest(stranger.get(path))
    return looks


def digest(response):
    return told(response.status_code, response.get("Location", ""), response.content)


def told(status, location, body):
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
        print(json.dumps({"step": step, "pages": look(BRIEF.get(step) or addresses())}), flush=True)


if __name__ == "__main__":
    main()
