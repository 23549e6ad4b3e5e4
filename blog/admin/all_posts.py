"""One list over all kinds of post."""

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


def form_url(post):
    """The form of the post's own kind."""
    return reverse(f"admin:blog_{post.kind}_change", args=[post.pk])


class Rows(ChangeList):
    def url_for_result(self, post):
        return form_url(post)


@admin.register(Post)
class AllPosts(PostAdmin):
    """Only a list: posts are written, changed and deleted in the forms of their kinds.

    It shows posts of the kinds that the user may see, and changes those that she may change.
    """

    list_display = ("name", "kind_label", "tag_list", "state", "published")
    list_filter = (KindFilter, StateFilter, TagFilter, YearFilter, "series")
    list_select_related = False

    def get_urls(self):
        """Without what the forms of the kinds have beside them."""
        return admin.ModelAdmin.get_urls(self)

    def get_changelist(self, request, **kwargs):
        return Rows

    def change_view(self, request, object_id, *args, **kwargs):
        return HttpResponseRedirect(form_url(self.post_of(object_id)))

    def history_view(self, request, object_id, *args, **kwargs):
        post = self.post_of(object_id)
        return HttpResponseRedirect(reverse(f"admin:blog_{post.kind}_history", args=[post.pk]))

    def post_of(self, object_id):
        pk = object_id if object_id.isdecimal() and len(object_id) <= 18 else None
        return get_object_or_404(Post.objects.only("kind"), pk=pk)

    def kinds_to_view(self, request):
        return [
            name
            for name in Post.kinds()
            if self.may(request, "view", name) or self.may(request, "change", name)
        ]

    def may(self, request, action, kind):
        return request.user.has_perm(f"blog.{action}_{kind}")

    def has_view_permission(self, request, obj=None):
        return bool(self.kinds_to_view(request))

    def has_change_permission(self, request, obj=None):
        return any(self.may(request, "change", kind) for kind in Post.kinds())

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        """Not here; but the admin asks for every row that goes with one of a kind, and this is one of two."""
        return obj is not None and self.may(request, "delete", obj.kind)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("html", "summary_html", "body").filter(
            kind__in=self.kinds_to_view(request)
        )  # fmt: skip

    @admin.display(description=_("kind"), ordering="kind")
    def kind_label(self, post):
        return capfirst(post.kind_class.label)
