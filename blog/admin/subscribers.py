"""How many subscribe to each feed, over a year."""

from collections import Counter
from datetime import UTC, timedelta

from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.models import SubscriberCount
from blog.timeline.charts import Bars

MOST_FEEDS = 50
MOST_SERVICES = 20
WEEKS = 52


@admin.register(SubscriberCount)
class SubscriberCountAdmin(admin.ModelAdmin):
    """A page in the place of a list; what services told is not for authors to change."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request)
        context |= {"title": _("Subscribers to feeds"), "opts": self.opts, "feeds": feeds()}
        return TemplateResponse(request, "admin/blog/subscribers.html", context)


class Readers:
    """What services told of one feed over a year: in each week the most that each of them told.

    A service that misses a day, or has not asked yet today, still has its subscribers.
    """

    def __init__(self, path, today):
        self.path = path
        self.ends = [today - timedelta(weeks=n) for n in reversed(range(WEEKS))]
        self.told = [Counter() for _ in self.ends]

    def add(self, service, day, number):
        week = self.told[-1 - (self.ends[-1] - day).days // 7]
        week[service] = max(week[service], number)

    @property
    def number(self):
        return self.told[-1].total()

    @property
    def services(self):
        """Those of the last week with their numbers, the largest first; and what the many after them told."""
        ranked = sorted(self.told[-1].items(), key=lambda told: (-told[1], told[0]))
        named, others = ranked[:MOST_SERVICES], ranked[MOST_SERVICES:]
        rest = (_("and %(number)s more") % {"number": intcomma(len(others))}, sum(dict(others).values()))
        return [*named, rest] if others else named

    @property
    def weeks(self):
        return Bars((f"{end:%Y-%m-%d}", week.total()) for end, week in zip(self.ends, self.told, strict=True))


def feeds():
    """The feeds that services told most of, the most read of them first. Two queries."""
    today = timezone.now().astimezone(UTC).date()
    rows = SubscriberCount.objects.filter(day__gt=today - timedelta(weeks=WEEKS), day__lte=today)
    largest = rows.values("feed").annotate(most=Max("number")).order_by("-most", "feed")[:MOST_FEEDS]
    found = {row["feed"]: Readers(row["feed"], today) for row in largest}
    told = rows.filter(feed__in=found).values_list("feed", "service", "day", "number")
    for feed, *rest in told.iterator():
        found[feed].add(*rest)
    return sorted(found.values(), key=lambda readers: -readers.number)
