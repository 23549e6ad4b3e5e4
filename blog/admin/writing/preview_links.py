"""Preview links: secret URLs at which people without an account can read a draft."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views import View

from blog.models import PreviewLink


class EditPreviewLink(View):
    """Creates the preview link of a post, or deletes it with `revoke`. Scripts get the updated fragment."""

    model_admin = None

    def post(self, request, object_id):
        model = self.model_admin.model
        post = get_object_or_404(model, pk=object_id)
        if not self.model_admin.has_change_permission(request, post):
            raise PermissionDenied
        if "revoke" in request.POST:
            PreviewLink.objects.filter(post=post).delete()
        elif not post.is_public:
            PreviewLink.objects.get_or_create(post_id=post.pk)
        if request.headers.get("Accept") == "text/x-fragment":
            return render(request, "admin/blog/post/preview_link.html", link_context(post))
        return HttpResponseRedirect(reverse(f"admin:blog_{post.kind}_change", args=[post.pk]))


def link_context(post):
    """Template context of the form's fragment. One query."""
    return {
        "preview_link": PreviewLink.objects.filter(post=post.pk).first(),
        "is_linkable": not post.is_public,
        "preview_link_url": reverse(f"admin:blog_{post.kind}_preview_link", args=[post.pk]),
    }
