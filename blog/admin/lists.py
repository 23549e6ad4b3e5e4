"""What the admin's lists share, those of accounts too."""

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from blog.search.query import LONGEST_QUERY

from .post_filters import MOST_LISTED


class BoundedSearch:
    """Searches for no longer text than readers can. SQLite would fail over it."""

    def changelist_view(self, request, extra_context=None):
        if len(request.GET.get("q", "")) > LONGEST_QUERY:
            text = _("At most %(number)d characters can be searched for.")
            messages.error(request, text % {"number": LONGEST_QUERY})
            return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)


class NewestPaginator(Paginator):
    """Counts the first `MOST_LISTED` of a list, and has pages for these: filters and search reach others."""

    @cached_property
    def count(self):
        return self.object_list.order_by()[:MOST_LISTED].count()


admin.site.unregister([User, Group])


@admin.register(User)
class UserAdmin(BoundedSearch, DjangoUserAdmin):
    pass


@admin.register(Group)
class GroupAdmin(BoundedSearch, DjangoGroupAdmin):
    pass
