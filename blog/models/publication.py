"""The dates of a post: when it is published, on which day, and when it last changed for readers."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: A change within this time of publication isn't shown as an update.
CORRECTION_WINDOW = timedelta(minutes=10)


class Publication(models.Model):
    """The fields and rules that decide when readers see a post, and which dates they see."""

    day = models.DateField(
        editable=False,
        help_text="Date of publication in the site's time zone at that time; part of the permalink.",
    )
    is_draft = models.BooleanField(_("draft"), default=False, help_text=_("Only you can see a draft."))
    published = models.DateTimeField(
        _("published"),
        null=True,
        blank=True,
        help_text=_("Leave empty to publish when you save. A time in the future schedules the post."),
    )
    updated = models.DateTimeField(
        null=True, editable=False, help_text="Last change that readers should know about."
    )
    modified = models.DateTimeField(auto_now=True, help_text="Last change of any field.")

    class Meta:
        abstract = True

    @property
    def is_public(self):
        """The rule of `PostQuerySet.published()`, for a single post."""
        return not self.is_draft and self.published <= timezone.now()

    @property
    def was_updated(self):
        """True if pages show the post as updated: its text changed after the correction window."""
        return bool(self.published) and self.updated - self.published > CORRECTION_WINDOW

    def clean(self):
        """Date a post that is to be published now, and refuse years that permalinks can't have."""
        super().clean()
        self._set_published()
        if self.published and not 1 < self.published.year < 9999:
            raise ValidationError({"published": _("Choose a year from 2 to 9998.")})

    def set_dates(self, stored, site, notify_readers):
        """Set the dates that follow from an edit. `stored` is the post as it is in the database, or None.

        Cases for `updated`: before publication it is the time of publication; a change of what readers see
        sets it to now; other changes, such as of tags, and corrections (`notify_readers=False`) leave it.
        """
        self._set_published()
        self.day = self.next_day(stored, site)
        if stored is None or not stored.is_public:
            self.updated = self.published
        elif notify_readers and self._content_differs(stored):
            self.updated = timezone.now()
        self.updated = self.published and max(self.updated, self.published)

    def next_day(self, stored, site):
        """Return the day that the post will have once it is saved.

        It changes only with the time of publication, so neither an edit nor another time zone of the site
        moves a permalink. A draft without a time gets today's date.
        """
        if stored and stored.published == self.published:
            return stored.day
        return timezone.localdate(self.published, site.tz)

    def _set_published(self):
        if not self.is_draft and self.published is None:
            # Forms show whole seconds: a fraction would make the first edit look like a new time.
            self.published = timezone.now().replace(microsecond=0)

    def _content_differs(self, stored):
        return any(getattr(self, name) != getattr(stored, name) for name in self.content_fields)
