"""What the admin's lists share, those of accounts too."""

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

from blog.search.query import LONGEST_QUERY


class BoundedSearch:
    """Searches for no longer text than readers can. SQLite would fail over it."""

    def changelist_view(self, request, extra_context=None):
        if len(request.GET.get("q", "")) > LONGEST_QUERY:
            text = _("At most %(number)d characters can be searched for.")
            messages.error(request, text % {"number": LONGEST_QUERY})
            return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)


admin.site.unregister([User, Group])


@admin.register(User)
class UserAdmin(BoundedSearch, DjangoUserAdmin):
    pass


@admin.register(Group)
class GroupAdmin(BoundedSearch, DjangoGroupAdmin):
    pass
