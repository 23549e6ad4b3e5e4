"""The identity of the site, edited in the admin. Settings of the deployment are in the environment."""

import re
import zoneinfo
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from blog import markup

from .fields import RenderedField

HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
LANGUAGE = re.compile(
    r"[a-z]{2,8}(-[a-z0-9]{1,8})*", re.IGNORECASE
)  # the part of RFC 5646, section 2.1, that feeds check


def validate_language(code):
    if not LANGUAGE.fullmatch(code):
        raise ValidationError(
            _("“%(code)s” is not a language code. Enter one such as en or de.") % {"code": code}
        )


def validate_time_zone(name):
    if name not in zoneinfo.available_timezones():
        text = _("“%(name)s” is not a time zone. Enter a name such as Europe/Berlin or UTC.")
        raise ValidationError(text % {"name": name})


def validate_hosts(text):
    for host in text.split():
        if not HOST.fullmatch(host):
            raise ValidationError(
                _("“%(host)s” is not a host name. Enter one such as www.example.com.") % {"host": host}
            )


def validate_links(text):
    for line in filter(str.strip, text.splitlines()):
        label, _space, url = line.strip().rpartition(" ")
        if not label:
            raise ValidationError(
                _("Write each line as a name, a space and a URL. “%(line)s” has no name.") % {"line": line}
            )
        URLValidator(schemes=["http", "https"])(url)


def validate_fediverse(account):
    name, _at, host = account.removeprefix("@").partition("@")
    if not (account.startswith("@") and re.fullmatch(r"[\w.-]+", name) and HOST.fullmatch(host)):
        text = _("“%(account)s” is not a fediverse account. Enter one such as @name@example.social.")
        raise ValidationError(text % {"account": account})


class Accent(models.TextChoices):
    """The accent colours. The style sheet has shades with enough contrast for light and dark themes."""

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


class SiteSettings(models.Model):
    """The settings of the site, in one row that is created on first use."""

    PK = 1

    title = models.CharField(_("title"), max_length=200, default="Weblog")
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    author_name = models.CharField(_("author"), max_length=200, default="The author")
    language = models.CharField(
        _("language"),
        max_length=20,
        default="en",
        validators=[validate_language],
        help_text=_(
            "Language code, such as en or de. Search keeps using the former language until somebody runs "
            "the command rebuild_search."
        ),
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
        help_text=_("Your profiles elsewhere, one per line: a name, a space and the URL."),
    )
    accent = models.CharField(
        _("accent"),
        max_length=10,
        choices=Accent.choices,
        default=Accent.RUST,
        help_text=_("Colour of days, permalinks and charts, adapted to light and dark themes."),
    )
    fediverse = models.CharField(
        _("fediverse account"),
        max_length=200,
        blank=True,
        validators=[validate_fediverse],
        help_text=_("Such as @name@example.social. Credited when your posts are shared there."),
    )
    footer = models.TextField(
        _("footer"), blank=True, help_text=_("In Markdown. Shown at the bottom of every page.")
    )
    footer_html = RenderedField()
    licence = models.CharField(
        _("licence"),
        max_length=200,
        blank=True,
        help_text=_("Licence of your texts, such as CC BY 4.0. Shown in the footer."),
    )
    smart_punctuation = models.BooleanField(
        _("curly quotes in Markdown"),
        default=False,
        help_text=_("Turn straight quotes and double hyphens in Markdown into curly quotes and dashes."),
    )
    embed_hosts = models.TextField(
        _("embed hosts"),
        blank=True,
        validators=[validate_hosts],
        help_text=_("Hosts whose pages posts may embed (iframe), separated by spaces."),
    )
    feeds_link_out = models.BooleanField(
        _("feeds link out"),
        default=False,
        help_text=_("In feed readers, the title of a link post opens the linked page instead of your post."),
    )
    uuid = models.UUIDField(default=uuid4, editable=False)

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.pk = self.PK
        self.render(self.markup_options)
        super().save(*args, **kwargs)
        transaction.on_commit(self._draw_card, robust=True)

    def render(self, options):
        self.footer_html = markup.render(self.footer, markup.Format.MARKDOWN, options)

    @classmethod
    def load(cls):
        """Return the settings with their `state` (see `SiteState`).

        Runs one query; more the first time in the life of a site.
        """
        rows = cls.objects.select_related("state").filter(pk=cls.PK, state__isnull=False)
        return rows.first() or (cls._create() and rows.get())

    @classmethod
    def _create(cls):
        settings, _ = cls.objects.get_or_create(pk=cls.PK)
        return cls._meta.get_field("state").related_model.objects.get_or_create(settings=settings)

    def _draw_card(self):
        type(self).load().state.draw_card(self)

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
