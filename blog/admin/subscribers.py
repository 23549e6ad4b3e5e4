"""The admin's page of feed subscribers over the last year."""

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

MAX_FEEDS = 50
MAX_SERVICES = 20
WEEKS = 52


@admin.register(SubscriberCount)
class SubscriberCountAdmin(admin.ModelAdmin):
    """A read-only page of charts in place of the list."""

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


class FeedSubscribers:
    """One feed's subscribers over a year: each service's maximum per week.

    The weekly maximum bridges days on which a service did not fetch the feed.
    """

    def __init__(self, path, today):
        self.path = path
        self.week_ends = [today - timedelta(weeks=n) for n in reversed(range(WEEKS))]
        self.weekly_counts = [Counter() for _ in self.week_ends]

    def add(self, service, day, number):
        week = self.weekly_counts[-1 - (self.week_ends[-1] - day).days // 7]
        week[service] = max(week[service], number)

    @property
    def number(self):
        return self.weekly_counts[-1].total()

    @property
    def services(self):
        """(service, subscribers) of the last week, largest first, with a total for those beyond the limit."""
        ranked = sorted(self.weekly_counts[-1].items(), key=lambda item: (-item[1], item[0]))
        shown, others = ranked[:MAX_SERVICES], ranked[MAX_SERVICES:]
        rest = (_("%(number)s more services") % {"number": intcomma(len(others))}, sum(dict(others).values()))
        return [*shown, rest] if others else shown

    @property
    def weeks(self):
        return Bars(
            (f"{end:%Y-%m-%d}", week.total())
            for end, week in zip(self.week_ends, self.weekly_counts, strict=True)
        )


def feeds():
    """The feeds with the most reported subscribers, most read first. Two queries."""
    today = timezone.now().astimezone(UTC).date()
    rows = SubscriberCount.objects.filter(day__gt=today - timedelta(weeks=WEEKS), day__lte=today)
    largest = rows.values("feed").annotate(most=Max("number")).order_by("-most", "feed")[:MAX_FEEDS]
    found = {row["feed"]: FeedSubscribers(row["feed"], today) for row in largest}
    counts = rows.filter(feed__in=found).values_list("feed", "service", "day", "number")
    for feed, *rest in counts.iterator():
        found[feed].add(*rest)
    return sorted(found.values(), key=lambda feed: -feed.number)
