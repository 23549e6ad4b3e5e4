"""The dashboard on the admin's first page: drafts, scheduled posts, latest posts and posts per month."""

from datetime import date

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from blog.models import Post
from blog.timeline.calendar import counts_by_month
from blog.timeline.charts import Bars

MAX_ROWS = 8
PREVIEW_WORDS = 8
MONTHS_SHOWN = 24


class Dashboard:
    """One user's dashboard, for the kinds of post that the user may view. Four queries, all lazy."""

    def __init__(self, user):
        self.user = user
        self.kinds = [
            name
            for name in Post.kinds()
            if self.has_permission("view", name) or self.has_permission("change", name)
        ]

    def has_permission(self, action, kind):
        return self.user.has_perm(f"blog.{action}_{kind}")

    def buttons(self):
        """A link to add a post of each kind that the user may add."""
        return [
            {"label": capfirst(kind.label), "url": reverse(f"admin:blog_{name}_add")}
            for name, kind in Post.kinds().items()
            if self.has_permission("add", name)
        ]

    def lists(self):
        """The lists, each with its title, its first posts and the URL of the full list."""
        posts = Post.objects.only("kind", "headline", "title", "description", "published", "modified")
        posts = posts.filter(kind__in=self.kinds)
        return [
            self.list(_("Drafts"), "draft", posts.drafts().order_by("-modified", "-pk"), "modified"),
            self.list(
                pgettext("posts", "Scheduled"),
                "scheduled",
                posts.scheduled().order_by("published", "pk"),
                "published",
            ),
            self.list(_("Latest posts"), "public", posts.published().newest_first(), "published"),
        ]

    def list(self, title, state, posts, time):
        first = list(posts[: MAX_ROWS + 1])
        return {
            "title": title,
            "state": state,
            "url": f"{reverse('admin:blog_post_changelist')}?state={state}",
            "has_more": len(first) > MAX_ROWS,
            "rows": [row(post, time) for post in first[:MAX_ROWS]],
        }

    def months(self):
        """Posts per month, of all kinds and authors. The archive shows readers the same."""
        today = timezone.localdate()
        month_numbers = range(today.year * 12 + today.month - MONTHS_SHOWN, today.year * 12 + today.month)
        months = [date(n // 12, n % 12 + 1, 1) for n in month_numbers]
        counts = counts_by_month(months[0])
        return Bars(
            (date_format(month, "YEAR_MONTH_FORMAT"), counts.get(f"{month:%Y-%m}", 0)) for month in months
        )


def row(post, time):
    return {
        "headline": post.headline,
        "preview": "" if post.title else Truncator(post.description).words(PREVIEW_WORDS),
        "kind": capfirst(post.kind_class.label),
        "url": reverse(f"admin:blog_{post.kind}_change", args=[post.pk]),
        "time": getattr(post, time),
    }


def dashboard_for(request):
    """The user's dashboard, or None if the user may not view posts of any kind."""
    dashboard = Dashboard(request.user) if admin.site.has_permission(request) else None
    return dashboard if dashboard and dashboard.kinds else None
