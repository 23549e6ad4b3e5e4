"""Generate posts, to see what a weblog of any size looks like and how fast it is."""

import sys
from argparse import ArgumentTypeError
from io import StringIO

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db.models import Max
from django.utils import timezone
from tqdm import tqdm

from blog.database.bulk_insert import large_sqlite_cache, without_gc
from blog.models import Post, SiteState
from blog.samples.generator import BATCH, Generator, kinds

MAX_POSTS = 10_000_000


def number_of_posts(text):
    number = int(text) if text.isdecimal() else 0
    if not 0 < number <= MAX_POSTS:
        raise ArgumentTypeError(f"{text} is not a number of posts from 1 to {MAX_POSTS:,}.")
    return number


class Command(BaseCommand):
    help = "Generates posts of the last twenty years. They cannot be distinguished from others afterwards."
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("number", type=number_of_posts, help="how many posts to generate")
        parser.add_argument(
            "--seed", type=int, default=1, help="the same posts for the same seed (default: 1)"
        )

    def handle(self, number, seed, **options):
        generator = Generator(seed, SiteState.load().search_language, timezone.now())
        generator.make_tags()
        generator.make_series()
        last = dict(Post.objects.order_by().values_list("kind").annotate(Max("number")))
        numbers = {kind: last.get(kind._meta.model_name, 0) for kind in kinds()}
        moments = generator.moments(number)
        # disable=None: no progress bar without a terminal
        progress = tqdm(total=number, file=sys.stderr, disable=None, leave=False)
        with large_sqlite_cache(), without_gc(), progress:
            for start in range(0, number, BATCH):
                batch = moments[start : start + BATCH]
                generator.write(batch, numbers)
                progress.update(len(batch))
        call_command("recompute_counts", stdout=StringIO())
        self.stdout.write(f"{number:,} posts generated.")
