"""Compares the counts that are kept of years and tags with the posts, and puts right what is wrong.

The database counts its rows then, too.
"""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Exists, OuterRef

from blog.models import Day, Post, SiteState, Tag, Tagging
from blog.models.authors import authors_of, store_authors
from blog.models.bulk import gather_statistics


class Command(BaseCommand):
    help = (
        "Compares the kept counts of years and tags with the public posts, and puts right what is wrong. "
        "The database counts its rows, too, so that it knows which index is the quickest."
    )
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="only say what is wrong, and exit with 1")

    def handle(self, check, **options):
        with transaction.atomic():
            SiteState.lock()
            self.is_check, self.number_wrong = check, 0
            self.compare_posts()
            self.compare_years()
            self.compare_days()
            self.compare_taggings()
            self.compare_tags()
            self.compare_authors()
        if check and self.number_wrong:
            raise CommandError("Not everything is right. Without --check it is put right.", returncode=1)
        if not check:
            gather_statistics()
        self.stdout.write(f"{Tag.objects.count():,} tags counted.")

    def compare_posts(self):
        """A post whose time has just come is not wrong: it is counted before the next request."""
        public = Post.objects.published()
        next_due = SiteState.load().next_due
        missing = public.filter(is_counted=False, **({"published__lt": next_due} if next_due else {}))
        extra = Post.objects.filter(is_counted=True).exclude(Exists(public.filter(pk=OuterRef("pk"))))
        self.report(missing.count(), "posts are public and were not counted")
        self.report(extra.count(), "posts are not public and were counted")
        if not self.is_check:
            Post.publish_due()
            extra.update(is_counted=False)

    def compare_years(self):
        kept, counted = SiteState.load().counts_by_year, Post.objects.count_by_year()
        for year in sorted(kept | counted):
            if kept.get(year) != counted.get(year):
                self.report_difference(year, kept.get(year, {}), counted.get(year, {}))
        if not self.is_check:
            SiteState.objects.update(counts_by_year=counted)

    def compare_days(self):
        kept, counted = Day.objects.in_bulk(), Day.computed(Post.objects)
        same = {day for day in kept.keys() & counted.keys() if kept[day].matches(counted[day])}
        wrong = (kept.keys() | counted.keys()) - same
        self.report(len(wrong), "days did not tell what was posted on them")
        if not self.is_check:
            Day.recompute(Post.objects, wrong)

    def compare_taggings(self):
        wrong = Tagging.objects.out_of_sync()
        self.report(wrong.count(), "taggings did not repeat what their post says")
        if not self.is_check:
            wrong.sync_publication()

    def compare_tags(self):
        kept = dict(Tag.objects.values_list("pk", "by_year"))
        for tag in Tag.objects.with_wrong_counts() if self.is_check else Tag.objects.recompute_counts():
            self.report_difference(tag, kept[tag.pk], tag.counted)

    def compare_authors(self):
        stored = SiteState.load().authors
        authors = authors_of(Post.objects.published())
        if stored != (authors if len(authors) > 1 else {}):
            self.report(1, "list of authors was out of date")
            if not self.is_check:
                store_authors(Post.objects.published())

    def report_difference(self, name, kept, counted):
        self.number_wrong += 1
        self.stdout.write(f"{name}: kept {kept}, counted {counted}")

    def report(self, number, what):
        self.number_wrong += number
        if number:
            self.stdout.write(f"{number:,} {what}")
