"""What the admin's lists share, those of accounts too."""

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpResponseRedirect

from blog.search.query import LONGEST_QUERY


class BoundedSearch:
    """Searches for no longer text than readers can. SQLite would fail over it."""

    def changelist_view(self, request, extra_context=None):
        if len(request.GET.get("q", "")) > LONGEST_QUERY:
            messages.error(request, f"At most {LONGEST_QUERY} characters can be searched for.")
            return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)


admin.site.unregister([User, Group])


@admin.register(User)
class UserAdmin(BoundedSearch, DjangoUserAdmin):
    pass


@admin.register(Group)
class GroupAdmin(BoundedSearch, DjangoGroupAdmin):
    pass
