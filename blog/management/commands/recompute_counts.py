"""Compare the stored counts with the posts, and correct those that are wrong."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Exists, OuterRef

from blog.models import Day, Post, SiteState, Tag, Tagging
from blog.models.authors import multiple_authors, store_authors
from blog.models.bulk import analyze_tables


class Command(BaseCommand):
    help = (
        "Compares the stored counts of years, days, tags and authors with the public posts, and corrects "
        "those that are wrong. Also updates the statistics of the database's query planner."
    )
    requires_migrations_checks = True

    def add_arguments(self, parser):
        text = "report wrong counts without correcting them; exit with 1 if there are any"
        parser.add_argument("--check", action="store_true", help=text)

    def handle(self, check, **options):
        with transaction.atomic():
            SiteState.lock()
            self.check_only, self.wrong_count = check, 0
            self.compare_posts()
            self.compare_years()
            self.compare_days()
            self.compare_taggings()
            self.compare_tags()
            self.compare_authors()
        if check and self.wrong_count:
            raise CommandError("Some counts are wrong. Run without --check to correct them.", returncode=1)
        if not check:
            analyze_tables()
        self.stdout.write(f"{Tag.objects.count():,} tags counted.")

    def compare_posts(self):
        """A scheduled post that has just become due isn't wrong: the next request counts it."""
        public = Post.objects.published()
        next_due = SiteState.load().next_due
        missing = public.filter(is_counted=False, **({"published__lt": next_due} if next_due else {}))
        extra = Post.objects.filter(is_counted=True).exclude(Exists(public.filter(pk=OuterRef("pk"))))
        self.report(missing.count(), "public posts were not counted")
        self.report(extra.count(), "counted posts are not public")
        if not self.check_only:
            Post.publish_due()
            extra.update(is_counted=False)

    def compare_years(self):
        stored, computed = SiteState.load().counts_by_year, Post.objects.count_by_year()
        for year in sorted(stored | computed):
            if stored.get(year) != computed.get(year):
                self.report_difference(year, stored.get(year, {}), computed.get(year, {}))
        if not self.check_only:
            SiteState.objects.update(counts_by_year=computed)

    def compare_days(self):
        stored, computed = Day.objects.in_bulk(), Day.computed(Post.objects)
        correct = {day for day in stored.keys() & computed.keys() if stored[day].matches(computed[day])}
        wrong = (stored.keys() | computed.keys()) - correct
        self.report(len(wrong), "days had wrong counts")
        if not self.check_only:
            Day.recompute(Post.objects, wrong)

    def compare_taggings(self):
        wrong = Tagging.objects.out_of_sync()
        self.report(wrong.count(), "taggings were out of sync with their posts")
        if not self.check_only:
            wrong.sync_publication()

    def compare_tags(self):
        stored = dict(Tag.objects.values_list("pk", "counts_by_year"))
        for tag in Tag.objects.with_wrong_counts() if self.check_only else Tag.objects.recompute_counts():
            self.report_difference(tag, stored[tag.pk], tag.computed_counts)

    def compare_authors(self):
        public = Post.objects.published()
        if SiteState.load().authors != multiple_authors(public):
            self.report(1, "list of authors was out of date")
            if not self.check_only:
                store_authors(public)

    def report_difference(self, name, stored, computed):
        self.wrong_count += 1
        self.stdout.write(f"{name}: stored {stored}, computed {computed}")

    def report(self, count, text):
        self.wrong_count += count
        if count:
            self.stdout.write(f"{count:,} {text}")
