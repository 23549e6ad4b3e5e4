"""What an author finds on the admin's first page: what is unfinished, what is coming, what came last."""

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

ROWS = 8
FIRST_WORDS = 8
MONTHS_SHOWN = 24


class Dashboard:
    """For one user, of the kinds of post that she may see. Four queries, once the template asks."""

    def __init__(self, user):
        self.user = user
        self.kinds = [name for name in Post.kinds() if self.may("view", name) or self.may("change", name)]

    def may(self, action, kind):
        return self.user.has_perm(f"blog.{action}_{kind}")

    def buttons(self):
        """A way to a new post of each kind that she may write."""
        return [
            {"label": capfirst(kind.label), "url": reverse(f"admin:blog_{name}_add")}
            for name, kind in Post.kinds().items()
            if self.may("add", name)
        ]

    def lists(self):
        """Each list with its title, the way to all of it, and its first posts."""
        posts = Post.objects.only("kind", "headline", "title", "description", "published", "modified")
        posts = posts.filter(kind__in=self.kinds)
        return [
            self.list(_("Drafts"), "draft", posts.drafts().order_by("-modified", "-pk"), "modified"),
            self.list(
                pgettext("posts", "Waiting"),
                "waiting",
                posts.scheduled().order_by("published", "pk"),
                "published",
            ),
            self.list(_("Last posts"), "public", posts.published().newest_first(), "published"),
        ]

    def list(self, title, state, posts, time):
        found = list(posts[: ROWS + 1])
        return {
            "title": title,
            "state": state,
            "url": f"{reverse('admin:blog_post_changelist')}?state={state}",
            "has_more": len(found) > ROWS,
            "rows": [row(post, time) for post in found[:ROWS]],
        }

    def months(self):
        """Posts per month, of all kinds and authors: readers see as much in the archive."""
        today = timezone.localdate()
        numbered = range(today.year * 12 + today.month - MONTHS_SHOWN, today.year * 12 + today.month)
        months = [date(n // 12, n % 12 + 1, 1) for n in numbered]
        counts = counts_by_month(months[0])
        return Bars(
            (date_format(month, "YEAR_MONTH_FORMAT"), counts.get(f"{month:%Y-%m}", 0)) for month in months
        )


def row(post, time):
    return {
        "headline": post.headline,
        "words": "" if post.title else Truncator(post.description).words(FIRST_WORDS),
        "kind": capfirst(post.kind_class.label),
        "url": reverse(f"admin:blog_{post.kind}_change", args=[post.pk]),
        "time": getattr(post, time),
    }


def dashboard_for(request):
    """None for who may enter the admin but see no post."""
    dashboard = Dashboard(request.user) if admin.site.has_permission(request) else None
    return dashboard if dashboard and dashboard.kinds else None
