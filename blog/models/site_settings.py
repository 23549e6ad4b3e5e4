"""The identity of the site: what its author decides in the admin, not what its operator deploys."""

import re
import secrets
import zoneinfo
from collections import Counter
from datetime import date
from functools import cached_property, lru_cache, wraps
from hashlib import blake2b
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog import markup

from .fields import RenderedField
from .share_cards import Carded

HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
LANGUAGE = re.compile(
    r"[a-z]{2,8}(-[a-z0-9]{1,8})*", re.IGNORECASE
)  # RFC 5646, 2.1, as far as feeds check it


def validate_language(code):
    if not LANGUAGE.fullmatch(code):
        raise ValidationError(
            _("“%(code)s” is not the code of a language, such as en or de.") % {"code": code}
        )


def validate_time_zone(name):
    if name not in zoneinfo.available_timezones():
        text = _("“%(name)s” is not the name of a time zone, such as Europe/Berlin or UTC.")
        raise ValidationError(text % {"name": name})


def validate_hosts(text):
    for host in text.split():
        if not HOST.fullmatch(host):
            raise ValidationError(
                _("“%(host)s” is not a host name, such as www.example.com.") % {"host": host}
            )


def validate_links(text):
    for line in filter(str.strip, text.splitlines()):
        label, space, address = line.strip().rpartition(" ")
        if not label:
            raise ValidationError(_("“%(line)s” should be a name, a space and an address.") % {"line": line})
        URLValidator(schemes=["http", "https"])(address)


def validate_fediverse(account):
    name, at, host = account.removeprefix("@").partition("@")
    if not (account.startswith("@") and re.fullmatch(r"[\w.-]+", name) and HOST.fullmatch(host)):
        text = _("“%(account)s” is not an account, such as @name@example.social.")
        raise ValidationError(text % {"account": account})


def random_edition():
    return 1 + secrets.randbits(52)


def while_unchanged(function):
    """What a function gives for some arguments is asked for again only when the site has another edition.

    Each process remembers the last ten, which nobody is to change. One query asks for the edition.
    """

    @lru_cache(maxsize=10)
    def remembered(edition, *arguments):
        """It may be of a later one, if that came meanwhile: then nobody asks for this one again."""
        return function(*arguments)

    @wraps(function)
    def ask(*arguments):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT edition FROM {SiteSettings._meta.db_table}")
            [edition] = cursor.fetchone() or [None]
        return remembered(edition, *arguments) if edition else function(*arguments)

    return ask


class Accent(models.TextChoices):
    """The hues that the style sheet knows. It gives each the lightness that keeps its contrast."""

    RUST = "rust", _("rust")
    AMBER = "amber", _("amber")
    OLIVE = "olive", _("olive")
    GREEN = "green", _("green")
    TEAL = "teal", _("teal")
    BLUE = "blue", _("blue")
    INDIGO = "indigo", _("indigo")
    PLUM = "plum", _("plum")
    ROSE = "rose", _("rose")
    INK = "ink", _("ink (no colour)")


class SiteSettings(Carded):
    """One row, made when first asked for."""

    title = models.CharField(_("title"), max_length=200, default="Weblog")
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    author_name = models.CharField(_("author"), max_length=200, default="The author")
    language = models.CharField(
        _("language"),
        max_length=20,
        default="en",
        validators=[validate_language],
        help_text=_(
            "Its code, such as en or de. Search goes on comparing words as in the former language "
            "until the command rebuild_search is run."
        ),
    )
    search_language = models.CharField(
        max_length=20, default="en", editable=False, help_text="The one that the index was written in."
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[validate_time_zone],
        help_text=_("Such as Europe/Berlin."),
    )
    links = models.TextField(
        _("profile links"),
        blank=True,
        validators=[validate_links],
        help_text=_("Other places where you are, one a line: a name, a space and the address."),
    )
    accent = models.CharField(
        _("accent"),
        max_length=10,
        choices=Accent.choices,
        default=Accent.RUST,
        help_text=_("The colour of days, permalinks and charts, light or dark as the page is."),
    )
    fediverse = models.CharField(
        _("fediverse account"),
        max_length=200,
        blank=True,
        validators=[validate_fediverse],
        help_text=_("Yours, such as @name@example.social: named where your posts are shared there."),
    )
    footer = models.TextField(
        _("footer"), blank=True, help_text=_("In Markdown; shown at the foot of every page.")
    )
    footer_html = RenderedField()
    licence = models.CharField(
        _("licence"),
        max_length=200,
        blank=True,
        help_text=_("Of your texts, such as CC BY 4.0; shown in the footer."),
    )
    smart_punctuation = models.BooleanField(
        _("curly quotes in Markdown"),
        default=False,
        help_text=_("Turn straight quotes and double hyphens in Markdown texts into typographic ones."),
    )
    embed_hosts = models.TextField(
        _("embed hosts"),
        blank=True,
        validators=[validate_hosts],
        help_text=_("Hosts whose pages may be embedded in a frame (iframe), separated by spaces."),
    )
    feeds_lead_away = models.BooleanField(
        _("links in feeds lead to their page"),
        default=False,
        help_text=_("In feed readers the title of a link leads to that page, and not to your post."),
    )
    next_due = models.DateTimeField(
        null=True, editable=False, help_text="When the next scheduled post will be public."
    )
    by_year = models.JSONField(
        default=dict, editable=False, help_text="Public posts of each year by kind; kept, not counted."
    )
    current_tags = models.JSONField(
        default=list, editable=False, help_text="Names and slugs of the tags used most of late; kept as well."
    )
    edition = models.BigIntegerField(
        default=random_edition, editable=False, help_text="Another one with every change that readers see."
    )
    release = models.CharField(
        max_length=32,
        default="",
        editable=False,
        help_text="The one whose pages the caches in front were last told of.",
    )
    uuid = models.UUIDField(default=uuid4, editable=False)

    #: What follows from the posts. Saving what the author decides leaves it alone.
    kept_fields = {"edition", "next_due", "by_year", "current_tags", "search_language", "card", "release"}

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.pk = 1
        self.render(self.markup_options)
        if not self._state.adding:
            names = {field.name for field in self._meta.concrete_fields if not field.primary_key}
            kwargs["update_fields"] = names - self.kept_fields
        super().save(*args, **kwargs)
        transaction.on_commit(lambda: self.draw_card(self), robust=True)

    def card_words(self, site):
        return site.title, site.tagline, site.author_name

    def _keep_card(self):
        SiteSettings.objects.filter(pk=self.pk).update(card=self.card)

    def render(self, options):
        self.footer_html = markup.render(self.footer, markup.Format.MARKDOWN, options)

    @classmethod
    def load(cls):
        """The settings. One query; two the first time in the life of a site."""
        return cls.objects.get_or_create(pk=1)[0]

    @classmethod
    def expect(cls, moment):
        """Remember that a post becomes public at that moment."""
        later = cls.objects.filter(Q(next_due__isnull=True) | Q(next_due__gt=moment))
        later.update(next_due=moment)

    @property
    def is_due(self):
        return self.next_due is not None and self.next_due <= timezone.now()

    @classmethod
    def lock(cls):
        """The settings; one transaction at a time goes on from here, until it ends."""
        rows = cls.objects.select_for_update().filter(pk=1)
        return rows.first() or (cls.load() and rows.get())

    @classmethod
    def adjust(cls, changes):
        """Count more or fewer public posts: {(year, kind): number}."""
        if not changes:
            return
        by_year = {year: Counter(kinds) for year, kinds in cls.lock().by_year.items()}
        for (year, kind), number in changes.items():
            by_year.setdefault(str(year), Counter())[kind] += number
        kept = {year: {kind: n for kind, n in kinds.items() if n} for year, kinds in sorted(by_year.items())}
        cls.objects.update(by_year={year: kinds for year, kinds in kept.items() if kinds})

    @cached_property
    def decided(self):
        """A digest of what its author decides."""
        names = {field.attname for field in self._meta.concrete_fields} - self.kept_fields
        values = [(name, getattr(self, name)) for name in sorted(names)]
        return blake2b(repr(values).encode(), digest_size=16).digest()

    def years(self):
        """The years that have posts, as dates, the earliest first. No query."""
        return [date(int(year), 1, 1) for year in sorted(self.by_year)]

    def numbers_of(self, kind):
        """How many posts of the kind, by its name, are public: {"2024": n}. No query."""
        return {year: kinds[kind] for year, kinds in self.by_year.items() if kind in kinds}

    def number_of(self, kind):
        return sum(self.numbers_of(kind).values())

    @property
    def tz(self):
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def markup_options(self):
        return markup.Options(
            iframe_hosts=frozenset(self.embed_hosts.split()), smart_markdown=self.smart_punctuation
        )

    @property
    def profile_links(self):
        lines = (line.strip().rpartition(" ") for line in self.links.splitlines() if line.strip())
        return [{"label": label, "url": url} for label, _, url in lines]


@while_unchanged
def settings_of_now():
    """The settings, to be read and not changed: whoever asks is given the same object. One query."""
    return SiteSettings.load()
