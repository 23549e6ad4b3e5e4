"""A day in the life of a weblog: what its requests cost while the author writes.

The author publishes five links and corrects three posts. Between these, readers look at the newest pages,
feed readers poll, and crawlers walk the archive, of which every `SAMPLE`th page is taken. All pages were
cached before. The requests pass through the response cache, one after the other, without the network.
"""

import random
import time
from contextlib import contextmanager
from statistics import median, quantiles

from django.core.signals import request_started
from django.utils import timezone

from tests.bench.requests import environ_for

CRAWLERS, SAMPLE = 3, 4
POLLS, VISITS = 4000, 2000
CORRECTIONS, PUBLICATIONS = 3, 5
SEED = 2024


def measure():
    """Return figures by name."""
    from weblog.wsgi import application

    day = Day(application)
    day.warm()
    return day.run()


class Day:
    def __init__(self, application):
        self.application = application
        self.random = random.Random(SEED)
        self.archive = archive_paths()
        self.etags = {}

    def warm(self):
        self.publish()  # the first post of a year is on every page
        for path in self.archive + feeds() + newest_paths():
            self.request(path)

    def run(self):
        actions = [self.publish] * PUBLICATIONS + [self.correct] * CORRECTIONS
        self.random.shuffle(actions)
        todo = self.requests()
        share = len(todo) // (len(actions) + 1)
        durations, cpu = [], time.process_time()
        with counted_renderings() as rendered:
            for number, action in enumerate([None, *actions]):
                if action:
                    paused = time.process_time()
                    action()
                    cpu += time.process_time() - paused  # what the author's work costs is not measured here
                for kind, path in todo[number * share : (number + 1) * share]:
                    start = time.perf_counter()
                    self.request(path, kind == "poll")
                    durations.append(time.perf_counter() - start)
        cpu = time.process_time() - cpu
        return {
            "requests of a day": f"{len(durations):,}",
            "answered from the cache": f"{100 * (1 - len(rendered) / len(durations)):.1f} %",
            "processor seconds": f"{cpu:.1f}",
            "median": f"{1000 * median(durations):.2f} ms",
            "99th percentile": f"{1000 * quantiles(durations, n=100)[98]:.1f} ms",
        }

    def requests(self):
        """Return the requests of the day. Each crawler walks the archive from another place on."""
        start = len(self.archive) // CRAWLERS
        walks = [self.archive[start * n :] + self.archive[: start * n] for n in range(CRAWLERS)]
        crawls = [("crawl", path) for paths in zip(*walks, strict=True) for path in paths]
        polls = [("poll", path) for path in self.random.choices(feeds(), k=POLLS)]
        visits = [("visit", path) for path in self.random.choices(newest_paths(), k=VISITS)]
        others = polls + visits
        self.random.shuffle(others)
        step = len(crawls) / len(others)
        merged = []
        for number, other in enumerate(others):
            merged += [*crawls[int(number * step) : int((number + 1) * step)], other]
        return merged

    def request(self, path, is_conditional=False):
        headers = {"HTTP_ACCEPT_ENCODING": "gzip, br"}
        if is_conditional and path in self.etags:
            headers["HTTP_IF_NONE_MATCH"] = self.etags[path]
        started = []
        environ = environ_for(path, **headers)
        body = self.application(environ, lambda *arguments: started.append(arguments))
        for _ in body:
            pass
        getattr(body, "close", lambda: None)()
        self.etags[path] = dict(started[0][1]).get("ETag", "")

    def publish(self):
        from blog.models import Blogmark, Tag

        url = f"https://example.org/{self.random.random()}"
        link = Blogmark(
            link_url=url, title="A link", body="Why it is worth a visit.", published=timezone.now()
        )
        link.save()
        tags = list(Tag.objects.public().order_by("slug").values_list("name", flat=True))
        link.tags.add(*self.random.sample(tags, 3))

    def correct(self):
        from blog.models import Post

        posts = Post.objects.published().newest_first()
        post = posts[self.random.randrange(min(30, posts.count()))].as_kind()
        post.body += " A correction."
        post.save(notify_readers=False)


@contextmanager
def counted_renderings():
    """Yields a list with an entry for each request that reaches Django."""
    found = []

    def count(**kwargs):
        found.append(1)

    request_started.connect(count)
    try:
        yield found
    finally:
        request_started.disconnect(count)


def archive_paths():
    """Return a sample of the permalinks, days, months, years and tags, as a crawler finds them."""
    from blog.models import Day as StoredDay
    from blog.models import Post, Tag
    from blog.paths import path_to

    days = list(StoredDay.objects.order_by("day").values_list("day", flat=True))
    months = sorted({day.replace(day=1) for day in days})
    permalinks = [post.get_absolute_url() for post in Post.objects.published().only("day", "slug")]
    lists = [path_to("day", day) for day in days] + [path_to("month", month) for month in months]
    tags = [tag.get_absolute_url() for tag in Tag.objects.public().only("slug")]
    years = [path_to("year", month) for month in {month.year: month for month in months}.values()]
    return (permalinks + lists + tags)[::SAMPLE] + years


def feeds():
    return ["/atom/everything/"] * 8 + [
        "/rss/everything/",
        "/json/everything/",
        "/atom/links/",
        "/atom/entries/",
    ]


def newest_paths():
    from blog.models import Post

    posts = list(Post.objects.published().newest_first().only("day", "slug")[:30])
    newest = [post.get_absolute_url() for post in posts]
    return ["/"] * 20 + newest + [post.get_day_url() for post in posts[:5]] + ["/tags/"]


if __name__ == "__main__":
    import sys

    from tests.bench.__main__ import main

    main(sys.argv[1:], "day")
