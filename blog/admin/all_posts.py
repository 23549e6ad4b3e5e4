"""The admin's list of posts of all kinds."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from blog.models import Post

from .lists import KindFilter, TagFilter, YearFilter
from .posts import PostAdmin, StateFilter


def change_url(post):
    """The URL of the change form of the post's own kind."""
    return reverse(f"admin:blog_{post.kind}_change", args=[post.pk])


class PostChangeList(ChangeList):
    def url_for_result(self, post):
        return change_url(post)


@admin.register(Post)
class AllPosts(PostAdmin):
    """A list only: posts are added, changed and deleted in the admin of their kind.

    Shows the kinds that the user may view. Its actions skip posts of kinds that the user may not change.
    """

    list_display = ("name", "kind_label", "tag_list", "state", "published")
    list_filter = (KindFilter, StateFilter, TagFilter, YearFilter, "series")
    list_select_related = False

    def get_urls(self):
        """Only Django's own URLs: preview, working copies and the like belong to the kinds' own admin."""
        return admin.ModelAdmin.get_urls(self)

    def get_changelist(self, request, **kwargs):
        return PostChangeList

    def change_view(self, request, object_id, *args, **kwargs):
        return HttpResponseRedirect(change_url(self.get_post(object_id)))

    def history_view(self, request, object_id, *args, **kwargs):
        post = self.get_post(object_id)
        return HttpResponseRedirect(reverse(f"admin:blog_{post.kind}_history", args=[post.pk]))

    def get_post(self, object_id):
        pk = object_id if object_id.isdecimal() and len(object_id) <= 18 else None
        return get_object_or_404(Post.objects.only("kind"), pk=pk)

    def viewable_kinds(self, request):
        return [
            name
            for name in Post.kinds()
            if self.has_permission_for(request, "view", name)
            or self.has_permission_for(request, "change", name)
        ]

    def has_permission_for(self, request, action, kind):
        return request.user.has_perm(f"blog.{action}_{kind}")

    def has_view_permission(self, request, obj=None):
        return bool(self.viewable_kinds(request))

    def has_change_permission(self, request, obj=None):
        return any(self.has_permission_for(request, "change", kind) for kind in Post.kinds())

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        """Only by cascade: deleting a post of a kind also deletes its parent `Post` row."""
        return obj is not None and self.has_permission_for(request, "delete", obj.kind)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("html", "summary_html", "body").filter(
            kind__in=self.viewable_kinds(request)
        )  # fmt: skip

    @admin.display(description=_("kind"), ordering="kind")
    def kind_label(self, post):
        return capfirst(post.kind_class.label)
