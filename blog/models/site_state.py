"""The state of the site as a whole: its version, stored counts, and the lock that writers take."""

import secrets
from collections import Counter
from datetime import date
from functools import lru_cache

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from blog.database import reads

from .share_cards import HasShareCard
from .site_settings import SiteSettings


def random_version():
    return 1 + secrets.randbits(52)


class SiteState(HasShareCard):
    """One row beside `SiteSettings`, written by the weblog itself and never by its author."""

    settings = models.OneToOneField(
        SiteSettings, primary_key=True, on_delete=models.CASCADE, related_name="state", editable=False
    )
    version = models.BigIntegerField(
        default=random_version, editable=False, help_text="Changes with every change that readers see."
    )
    burst = models.IntegerField(
        default=0, editable=False, help_text="Number of rows that changed within the latest second."
    )
    burst_second = models.BigIntegerField(default=0, editable=False, help_text="That second, as Unix time.")
    next_due = models.DateTimeField(
        null=True, editable=False, help_text="When the next scheduled post becomes public."
    )
    counts_by_year = models.JSONField(
        default=dict, editable=False, help_text='Public posts by year and kind: {"2024": {"entry": 3}}.'
    )
    current_tags = models.JSONField(
        default=list, editable=False, help_text="[name, slug] of the tags that recent posts use most."
    )
    current_tags_day = models.DateField(
        null=True, editable=False, help_text="The day (UTC) for which they were found."
    )
    authors = models.JSONField(
        default=dict,
        editable=False,
        help_text="Authors of public posts by user id; empty unless there are several.",
    )
    search_language = models.CharField(
        max_length=20, default="en", editable=False, help_text="The language the search index was built in."
    )
    build_fingerprint = models.CharField(
        max_length=32,
        default="",
        editable=False,
        help_text="The build whose pages the caches in front were last told about.",
    )

    class Meta:
        verbose_name = "site state"
        verbose_name_plural = "site state"

    def __str__(self):
        return f"Version {self.version}"

    @classmethod
    def load(cls):
        """Return the row with its settings. Runs one query; more the first time in the life of a site."""
        rows = cls.objects.select_related("settings").filter(pk=SiteSettings.PK)
        return rows.first() or (SiteSettings.load() and rows.get())

    @classmethod
    def lock(cls):
        """Lock the row until the transaction ends, and return it with its settings.

        Whoever changes posts or tags takes this lock first, so that such changes run one at a time.
        """
        rows = (
            cls.objects.select_related("settings").select_for_update(of=("self",)).filter(pk=SiteSettings.PK)
        )
        return rows.first() or (SiteSettings.load() and rows.get())

    @classmethod
    def schedule_release(cls, moment):
        """Remember that a post becomes public at that moment."""
        later = cls.objects.filter(Q(next_due__isnull=True) | Q(next_due__gt=moment))
        later.update(next_due=moment)

    @property
    def has_due_posts(self):
        return self.next_due is not None and self.next_due <= timezone.now()

    @classmethod
    def adjust_counts(cls, changes):
        """Add to the stored counts of public posts: {(year, kind): difference}."""
        if not changes:
            return
        by_year = {year: Counter(kinds) for year, kinds in cls.lock().counts_by_year.items()}
        for (year, kind), difference in changes.items():
            by_year.setdefault(str(year), Counter())[kind] += difference
        counts = {
            year: {kind: number for kind, number in kinds.items() if number}
            for year, kinds in sorted(by_year.items())
        }
        cls.objects.update(counts_by_year={year: kinds for year, kinds in counts.items() if kinds})

    def author_of(self, post):
        """Return the post's author as {"username", "name"}, or None where authors aren't shown.

        Runs no query. A change of authors affects every page, so it needs no key.
        """
        return self.authors.get(str(post.author_id))

    def years(self):
        """Return the years that have posts as dates, the earliest first. Runs no query."""
        reads.depends_on("years")
        return [date(int(year), 1, 1) for year in sorted(self.counts_by_year)]

    def counts_by_year_of(self, kind):
        """Return the number of public posts of a kind (its name) by year: {"2024": n}. Runs no query."""
        reads.depends_on(f"counts-{kind}")
        return {year: kinds[kind] for year, kinds in self.counts_by_year.items() if kind in kinds}

    def totals_by_year(self):
        """Return the number of public posts by year: {2024: n}. Runs no query."""
        reads.depends_on("counts")
        return {int(year): sum(kinds.values()) for year, kinds in self.counts_by_year.items()}

    def header_tags(self):
        """Return the current tags as [name, slug], by name. Runs no query."""
        reads.depends_on("current-tags")
        return self.current_tags

    @property
    def uuid(self):
        return self.settings.uuid

    def card_lines(self, site):
        return site.title, site.tagline, site.author_name

    def _store_card_name(self):
        type(self).objects.filter(pk=self.pk).update(card=self.card)


def current_settings():
    """Return the settings with their state, which callers share and must not change. Runs one query.

    That query reads what differs whenever anything of them does. To read all of them takes a tenth of the
    time of a page.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT version, next_due FROM {SiteState._meta.db_table}")
        version, next_due = cursor.fetchone() or (None, None)
    return settings_at(version, next_due) if version else SiteSettings.load()


@lru_cache(maxsize=4)
def settings_at(version, next_due):
    """Return the settings, read no earlier than at this version: nobody asks for an older one again."""
    return SiteSettings.load()
