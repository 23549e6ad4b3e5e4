"""How many subscribe to each feed, over a year."""

from collections import defaultdict
from datetime import UTC, timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Sum
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.charts import Bars
from blog.models import SubscriberCount

MOST_FEEDS = 50
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


def feeds():
    """The feeds with the most subscribers: their weeks, and the services of the last day. Three queries."""
    today = timezone.now().astimezone(UTC).date()
    rows = SubscriberCount.objects.filter(day__gt=today - timedelta(weeks=WEEKS))
    latest = dict(
        rows.values_list("feed")
        .annotate(most=Max("number"), last=Max("day"))
        .order_by("-most")
        .values_list("feed", "last")[:MOST_FEEDS]
    )
    days = defaultdict(dict)
    for feed, day, number in rows.filter(feed__in=latest).values_list("feed", "day").annotate(Sum("number")):
        days[feed][day] = number
    services = defaultdict(list)
    last_days = rows.filter(feed__in=latest, day__in=set(latest.values())).order_by("-number", "service")
    for row in last_days:
        if row.day == latest[row.feed]:
            services[row.feed].append(row)
    found = [
        {
            "path": feed,
            "day": day,
            "number": days[feed][day],
            "services": services[feed],
            "weeks": Bars(weeks(days[feed], today)),
        }
        for feed, day in latest.items()
    ]
    return sorted(found, key=lambda feed: (-feed["number"], feed["path"]))


def weeks(days, today):
    """(last day of the week, the most subscribers of any of its days), the earliest first."""
    ends = [today - timedelta(weeks=n) for n in reversed(range(WEEKS))]
    return [(f"{end:%Y-%m-%d}", max(days.get(end - timedelta(days=n), 0) for n in range(7))) for end in ends]
